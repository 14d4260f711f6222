using System.Text.Json;
using FluentAssertions;
using ScoreCam.Methods;
using ScoreCam.Methods.Gradient;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// The methods of the gradient family, compared with float64 results of another program and with other implementations.
/// </summary>
public class GradientFamilyTests
{
    private static readonly Dictionary<string, Func<ImageModel, string, LayerExplainer>> LayerMethods = new()
    {
        ["grad-cam-plus-plus.paper"] = (model, layer) => PlusPlus(model, layer, GradCamPlusPlusPreset.Paper),
        ["grad-cam-plus-plus.authors"] = (model, layer) => PlusPlus(model, layer, GradCamPlusPlusPreset.Authors),
        ["xgrad-cam"] = (model, layer) => new XGradCamExplainer(model, new() { Layers = [layer] }),
        ["hirescam"] = (model, layer) => new HiResCamExplainer(model, new() { Layers = [layer] }),
        ["layercam"] = (model, layer) => new LayerCamExplainer(model, new() { Layers = [layer] }),
    };

    public static TheoryData<string> Networks => GradientMapTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Layer_methods_give_the_golden_raw_maps(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        int compared = 0;
        foreach ((string name, Func<ImageModel, string, LayerExplainer> create) in LayerMethods)
            foreach ((string layer, string prefix) in new[] { (golden.Layer, ""), (golden.Inner, "inner.") })
                foreach ((int index, int row) in golden.CasesOf($"{prefix}{name}.raw.npy"))
                {
                    Explanation why = golden.Explain(model, create(model, layer), index);
                    golden.ShouldBe(why.RawMap.Values, $"{prefix}{name}.raw.npy", row, relativeToLargest: 1e-4f);
                    compared++;
                }
        compared.Should().BeGreaterThanOrEqualTo(LayerMethods.Count);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Layer_methods_give_the_golden_maps(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        foreach ((string name, Func<ImageModel, string, LayerExplainer> create) in LayerMethods)
            foreach ((int index, int row) in golden.CasesOf($"{name}.map.npy"))
                golden.Explain(model, create(model, golden.Layer), index).Map.Values
                    .LargestDifference(golden.Array($"{name}.map.npy").Row(row)).Should().BeLessThan(5e-3f, name);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_presets_of_Grad_CAM_plus_plus_match_their_original_programs(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        foreach ((string program, GradCamPlusPlusPreset preset) in new[]
        {
            ("pytorch-grad-cam", GradCamPlusPlusPreset.PytorchGradCam), ("torch-cam", GradCamPlusPlusPreset.TorchCam),
        })
        {
            string array = $"peer.grad-cam-plus-plus.{program}.npy";
            foreach ((int index, int row) in golden.CasesOf(array))
                golden.Explain(model, PlusPlus(model, golden.Layer, preset), index).Map.Values
                    .LargestDifference(golden.Array(array).Row(row)).Should()
                        .BeLessThan(5e-3f, $"{array}, case {index}");
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Guided_backpropagation_and_its_product_with_Grad_CAM_match_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        Compare(golden, model, "guided.npy", picture => picture.Gradients(isGuided: true), 1e-3);
        foreach ((int index, int row) in golden.CasesOf("guided-grad-cam.npy"))
        {
            Explanation why = golden.Explain(model,
                new GuidedGradCamExplainer(model, new() { Layers = [golden.Layer] }), index);
            float[] expected = golden.Planes(golden.Array("guided-grad-cam.npy").Row(row), model.Input);
            float[] largest = new float[why.RawMap.Values.Length];
            for (int i = 0; i < expected.Length; i++)
                largest[i % largest.Length] = Math.Max(largest[i % largest.Length], Math.Abs(expected[i]));
            GradientGolden.RelativeError(why.RawMap.Values, largest).Should().BeLessThan(1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Integrated_Gradients_matches_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        foreach ((string name, PathRule rule) in new[]
        {
            ("gausslegendre", PathRule.GaussLegendre), ("midpoint", PathRule.Midpoint),
        })
            Compare(golden, model, $"integrated-gradients.{name}.npy", picture =>
                IntegratedGradientsExplainer.Integrate(
                picture, new float[picture.Image.Tensor.Length], new() { Rule = rule }), 2e-2);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void SmoothGrad_matches_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        float[][] noise = golden.Noise(model.Input);
        foreach ((string name, SmoothGradForm form) in new[]
        {
            ("smoothgrad", SmoothGradForm.Mean), ("smoothgrad-squared", SmoothGradForm.Squared),
        })
            Compare(golden, model, $"{name}.npy", picture => SmoothGradExplainer.Average(
                picture, new(picture.Image, noise.Length, 0.15f, (s, z) => noise[s].CopyTo(z)),
                new() { Form = form }), 2e-2);
    }

    [Fact]
    public void Gradient_times_input_matches_the_golden_data()
    {
        var golden = new GradientGolden("shapes");
        using ImageModel model = golden.Load();
        int compared = 0;
        foreach ((int index, int row) in golden.CasesOf("gradient-x-input.npy"))
        {
            if (index == 4)
                continue;
            Explanation why = golden.Explain(model, new GradientTimesInputExplainer(model), index);
            ReadOnlySpan<float> expected = golden.Array("gradient-x-input.npy").Row(row);
            float[] sum = new float[why.RawMap.Values.Length];
            for (int i = 0; i < expected.Length; i++)
                sum[i % sum.Length] += expected[i];
            GradientGolden.RelativeError(why.RawMap.Values, sum).Should().BeLessThan(1e-3);
            compared++;
        }
        compared.Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_sums_of_FullGrad_match_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        // The golden data has no usable sums for the network with Clip, because it does not count implicit biases.
        int cases = network == "mobilenet_v1_nhwc" ? 0 : golden.Cases;
        for (int index = 0; index < cases; index++)
        {
            JsonElement sums = golden.Case(index).GetProperty("completeness");
            (double input, double biases) = (0, 0);
            var probe = new Probe(model, picture =>
            {
                picture.GradientsWithBiases((_, gradient) =>
                {
                    input = gradient.ByPicture.Zip(picture.Image.Tensor.ToArray(), (g, x) => (double)g * x).Sum();
                    biases = gradient.Biases.Sum(bias => bias.Sum);
                });
                return picture.Gradients();
            });
            golden.Explain(model, probe, index);
            double score = sums.GetProperty("inputTerm").GetDouble() + sums.GetProperty("biasTerm").GetDouble();
            double allowed = Math.Max(1e-3, 3 * golden.Jitter(index)) * Math.Abs(score);
            input.Should().BeApproximately(sums.GetProperty("inputTerm").GetDouble(), allowed, $"case {index}");
            biases.Should().BeApproximately(sums.GetProperty("biasTerm").GetDouble(), allowed, $"case {index}");
        }
    }

    private static GradCamPlusPlusExplainer PlusPlus(ImageModel model, string layer, GradCamPlusPlusPreset preset) =>
        new(model, new() { Layers = [layer], Preset = preset });

    private static void Compare(
        GradientGolden golden, ImageModel model, string array, Func<InputContext, float[][]> compute, double tolerance)
    {
        foreach ((int index, int row) in golden.CasesOf(array))
        {
            // The tie case has several valid gradients.
            if (array.StartsWith("guided", StringComparison.Ordinal) && golden.Jitter(index) > 0.1)
                continue;
            var probe = new Probe(model, compute);
            golden.Explain(model, probe, index);
            float[] expected = golden.Planes(golden.Array(array).Row(row), model.Input);
            double allowed = Math.Max(tolerance, 3 * golden.Jitter(index));
            GradientGolden.RelativeError(probe.Values, expected).Should().BeLessThan(allowed, $"{array}, case {index}");
        }
    }

    /// <summary>Keeps what a method computes for each value of the input.</summary>
    private sealed class Probe(ImageModel model, Func<InputContext, float[][]> compute) : InputExplainer(model, null)
    {
        public override string Name => "Probe";

        public float[] Values { get; private set; } = [];

        protected override IReadOnlyList<RawMap> Compute(InputContext picture)
        {
            float[][] values = compute(picture);
            Values = values[0];
            return picture.ForEachTarget(t => picture.SumOverColors(values[t]));
        }
    }
}
