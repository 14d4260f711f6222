using FluentAssertions;
using ScoreCam.Methods.Gradient;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>Gradient methods on whole networks, compared with float64 gradients of another program.</summary>
public class GradientMapTests
{
    public static TheoryData<string> Networks =>
        ["shapes", "everyday20", "squeezenet_dog", "resnet20_cifar10", "mobilenet_v1_nhwc"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Grad_CAM_matches_the_golden_data_at_the_default_layer_and_at_an_earlier_layer(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        foreach ((string layer, string prefix) in new[] { (golden.Layer, ""), (golden.Inner, "inner.") })
        {
            var explainer = new GradCamExplainer(model, new() { Layers = [layer] });
            foreach ((int index, int row) in golden.CasesOf($"{prefix}grad-cam.raw.npy"))
            {
                Explanation why = golden.Explain(model, explainer, index);
                golden.ShouldBe(why.RawMap.Values, $"{prefix}grad-cam.raw.npy", row, relativeToLargest: 1e-4f);
                why.GradientPasses.Should().Be(1);
                why.Passes.Should().Be(0);
            }
        }
        var usual = new GradCamExplainer(model, new() { Layers = [golden.Layer] });
        foreach ((int index, int row) in golden.CasesOf("grad-cam.map.npy"))
        {
            ReadOnlySpan<float> expected = golden.Array("grad-cam.map.npy").Row(row);
            golden.Explain(model, usual, index).Map.Values.LargestDifference(expected).Should().BeLessThan(5e-3f);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_gradient_with_respect_to_the_picture_matches_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        var explainer = new GradientExplainer(model);
        foreach ((int index, int row) in golden.CasesOf("gradient.npy"))
        {
            // The tie case has several valid gradients.
            if (network == "shapes" && index == 4)
                continue;
            Explanation why = golden.Explain(model, explainer, index);
            float[] gradient = golden.Planes(golden.Array("gradient.npy").Row(row), model.Input);
            float[] expected = new float[why.RawMap.Values.Length];
            for (int i = 0; i < gradient.Length; i++)
                expected[i % expected.Length] = Math.Max(expected[i % expected.Length], Math.Abs(gradient[i]));
            GradientGolden.RelativeError(why.RawMap.Values, expected).Should()
                .BeLessThan(Math.Max(1e-3, 3 * golden.Jitter(index)), $"case {index}");
        }
    }
}
