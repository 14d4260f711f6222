using System.Text.Json;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>Gradient methods against float64 gradients that another program computed, on whole networks.</summary>
public class GradientMapTests
{
    public static TheoryData<string> Networks =>
        ["shapes", "everyday20", "squeezenet_dog", "resnet20_cifar10", "mobilenet_v1_nhwc"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Grad_CAM_is_that_of_the_golden_data_at_the_default_and_an_earlier_layer(string network)
    {
        var golden = new Folder(network);
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
    public void The_gradient_by_the_picture_is_that_of_the_golden_data(string network)
    {
        var golden = new Folder(network);
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
            double error = 0, size = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                error += Math.Pow(why.RawMap.Values[i] - expected[i], 2);
                size += Math.Pow(expected[i], 2);
            }
            double jitter = golden.Case(index).GetProperty("jitter").GetProperty("l2").GetDouble();
            Math.Sqrt(error / size).Should().BeLessThan(Math.Max(1e-3, 3 * jitter), $"case {index}");
        }
    }

    /// <summary>A folder of golden/gradients.</summary>
    private sealed class Folder
    {
        private readonly string _folder;
        private readonly JsonElement _root;

        public Folder(string network)
        {
            _folder = SharedData.Require("golden", "gradients", network);
            _root = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "cases.json"))).RootElement;
        }

        public string Layer => _root.GetProperty("layer").GetString()!;

        /// <summary>An earlier layer; the default one where the folder has none.</summary>
        public string Inner => _root.TryGetProperty("inner", out JsonElement inner) ? inner.GetString()! : Layer;

        public ImageModel Load() => ImageModel.Load(
            Path.GetFullPath(Path.Combine(_folder, _root.GetProperty("model").GetString()!)));

        public JsonElement Case(int index) => _root.GetProperty("cases")[index];

        /// <summary>The cases that an array has, and their rows in it.</summary>
        public IEnumerable<(int Case, int Row)> CasesOf(string array) =>
            _root.GetProperty("arrays").TryGetProperty(array, out JsonElement cases)
                ? cases.EnumerateArray().Select((one, row) => (one.GetInt32(), row))
                : [];

        public NpyArray Array(string name) => NpyArray.Load(Path.Combine(_folder, name));

        public Explanation Explain(ImageModel model, Explainer explainer, int index)
        {
            JsonElement one = Case(index);
            NpyArray input = Array(one.GetProperty("input").GetString()!);
            float[] planes = Planes(input.Row(one.GetProperty("image").GetInt32()), model.Input);
            ImageInput facts = model.Input;
            PreparedImage picture = PreparedImage.FromTensor(
                planes, facts.Channels, facts.Height ?? input.Shape[2], facts.Width ?? input.Shape[3]);
            Target target = Target.Class(one.GetProperty("class").GetInt32());
            return explainer.Explain(picture, target, cancellationToken: TestContext.Current.CancellationToken);
        }

        /// <summary>Channels × places, from the layout of the network.</summary>
        public float[] Planes(ReadOnlySpan<float> values, ImageInput input)
        {
            float[] planes = values.ToArray();
            if (input.Layout == TensorLayout.Nhwc)
                for (int i = 0; i < values.Length; i++)
                    planes[(i % input.Channels * (values.Length / input.Channels)) + (i / input.Channels)] = values[i];
            return planes;
        }

        public void ShouldBe(ReadOnlySpan<float> actual, string array, int row, float relativeToLargest)
        {
            ReadOnlySpan<float> expected = Array(array).Row(row);
            float largest = 0;
            foreach (float value in expected)
                largest = Math.Max(largest, Math.Abs(value));
            actual.LargestDifference(expected).Should().BeLessThan(relativeToLargest * largest, $"{array}, row {row}");
        }
    }
}
