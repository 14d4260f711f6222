using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods;

/// <summary>Shared options have the same meaning in every method that has them.</summary>
public sealed class MethodOptionsTests : IDisposable
{
    private static readonly Dictionary<string, Func<ImageModel, LayerOptions, Explainer>> LayerMethods = new()
    {
        ["Score-CAM"] = (model, o) => new ScoreCamExplainer(
            model, Copy(new ScoreCamOptions { Preset = ScoreCamPreset.IncreaseOfConfidence }, o)),
        ["Ablation-CAM"] = (model, o) => new AblationCamExplainer(model, Copy(new AblationCamOptions(), o)),
        ["Recipro-CAM"] = (model, o) => new ReciproCamExplainer(model, Copy(new ReciproCamOptions(), o)),
        ["Eigen-CAM"] = (model, o) => new EigenCamExplainer(model, o),
        ["Grad-CAM"] = (model, o) => new GradCamExplainer(model, o),
        ["ViT-CX"] = (model, o) => new VitCxExplainer(model, Copy(new VitCxOptions(), o)),
    };

    private readonly ImageModel _model = ImageModel.Load(Networks.Logits());
    private readonly PreparedImage _picture = Networks.Picture();

    public static TheoryData<string> Methods => [.. LayerMethods.Keys];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void Flip_averaging_is_the_mean_of_both_raw_maps(string method)
    {
        Explanation averaged = Explain(method, new() { FlipAveraging = true }, _picture);
        SaliencyMap upright = Explain(method, new(), _picture).RawMap;
        SaliencyMap mirrored = Explain(method, new(), Mirror(_picture)).RawMap;
        for (int y = 0; y < upright.Height; y++)
            for (int x = 0; x < upright.Width; x++)
            {
                float mean = (upright[y, x] + mirrored[y, upright.Width - 1 - x]) / 2;
                averaged.RawMap[y, x].Should().BeApproximately(mean, 1e-5f * (1 + Math.Abs(mean)));
            }
        averaged.Map.Values.ToArray().Max().Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_signed_map_is_the_raw_map_divided_by_its_largest_magnitude(string method)
    {
        Explanation signed = Explain(method, new() { Signed = true }, _picture);
        signed.IsSigned.Should().BeTrue();
        float[] up = signed.RawMap.Resize(Networks.Width, Networks.Height).Values.ToArray();
        float largest = up.Max(Math.Abs);
        signed.Map.Values.LargestDifference([.. up.Select(v => v / largest)]).Should().BeLessThan(1e-5f);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Several_layers_are_combined_by_mean_maximum_or_product(string method)
    {
        string[] layers = ["relu1", Networks.Layer];
        float[][] maps = [.. layers.Select(MapOf)];
        float[] MapOf(string layer) => Explain(method, new() { Layers = [layer] }, _picture).Map.Values.ToArray();
        var combinations = new Dictionary<LayerCombination, Func<float, float, float>>
        {
            [LayerCombination.Mean] = (a, b) => (a + b) / 2,
            [LayerCombination.Maximum] = MathF.Max,
            [LayerCombination.Product] = (a, b) => a * b,
        };
        foreach ((LayerCombination how, Func<float, float, float> combine) in combinations)
        {
            Explanation why = Explain(method, new() { Layers = layers, Combination = how }, _picture);
            float[] combined = [.. maps[0].Zip(maps[1], combine)];
            (float min, float max) = (combined.Min(), combined.Max());
            float[] normalized = [.. combined.Select(v => (v - min) / (max - min))];
            why.Map.Values.LargestDifference(normalized).Should().BeLessThan(1e-4f, $"{how}");
            why.Combination.Should().Be(how);
            why.Layers.Select(layer => layer.Layer.Name).Should().Equal(layers);
            why.Passes.Should().Be(why.Layers.Sum(layer => layer.Passes));
            why.GradientPasses.Should().Be(method == "Grad-CAM" ? 2 : 0);
        }
    }

    [Fact]
    public void The_maximum_of_signed_maps_is_the_value_of_largest_magnitude()
    {
        var normalizer = new MapNormalizer(MapRule.UpsampleThenMinMax, signed: true, 1, 3);
        SaliencyMap[] maps = [new(3, 1, [-1, 0.5f, 0]), new(3, 1, [0.5f, 1, -0.25f])];
        SaliencyMap combined = normalizer.Combine(maps, LayerCombination.Maximum, out _).Combined;
        combined.Values.ToArray().Should().Equal(-1, 1, -0.25f);
    }

    [Fact]
    public void Invalid_combinations_of_layers_are_refused()
    {
        LayerOptions signedProduct = new() { Signed = true, Combination = LayerCombination.Product };
        FluentActions.Invoking(() => new EigenCamExplainer(_model, signedProduct))
            .Should().Throw<ArgumentException>().WithMessage("*product of signed maps*");
        FluentActions.Invoking(() => new EigenCamExplainer(_model, new() { Combination = (LayerCombination)7 }))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Mean, Maximum or Product*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RISE_and_occlusion_use_the_fill_in_masked_regions(bool blurred)
    {
        MaskFill fill = blurred ? MaskFill.Blurred : MaskFill.Color(200, 30, 90);
        Prediction Masked(float[] mask) => _model.Predict(
            _model.Mask(_picture, new SaliencyMap(Networks.Width, Networks.Height, mask), fill));
        float Probability(float[] mask) => Masked(mask).Probabilities[2];
        float Logit(float[] mask) => Masked(mask).Logits[2];

        var options = new RiseOptions { Masks = 12, GridSize = 3, MaskFill = fill };
        var masks = new RiseMasks(options, Networks.Height, Networks.Width);
        var rise = new float[Networks.Height * Networks.Width];
        for (int i = 0; i < options.Masks; i++)
        {
            var mask = new float[rise.Length];
            masks.Generate(i, mask);
            float probability = Probability(mask);
            for (int p = 0; p < rise.Length; p++)
                rise[p] += probability * mask[p] / (12 * 0.5f);
        }
        SaliencyMap riseMap = new RiseExplainer(_model, options).On(_picture, Target.Class(2)).RawMap;
        riseMap.Values.LargestDifference(rise).Should().BeLessThan(1e-5f);

        // One window of all 20 columns, at two positions: the rows between are covered twice.
        OcclusionOptions windows = new() { Window = 20, Stride = 20, MaskFill = fill, Scored = ScoredValue.Logit };
        Explanation occlusion = new OcclusionExplainer(_model, windows).On(_picture, Target.Class(2));
        float whole = Logit([.. Enumerable.Repeat(1f, rise.Length)]);
        float[] drops = [.. new[] { 0, 4 }.Select(top => whole - Logit([.. Enumerable.Range(0, rise.Length).Select(
            p => p / Networks.Width >= top && p / Networks.Width < top + 20 ? 0f : 1)]))];
        occlusion.RawMap[0, 0].Should().BeApproximately(drops[0], 1e-4f);
        occlusion.RawMap[10, 10].Should().BeApproximately((drops[0] + drops[1]) / 2, 1e-4f);
        occlusion.RawMap[23, 19].Should().BeApproximately(drops[1], 1e-4f);
        Math.Abs(drops[0] - drops[1]).Should().BeGreaterThan(1e-4f);
    }

    private static T Copy<T>(T options, LayerOptions from)
        where T : LayerOptions => options with
        {
            Layers = from.Layers,
            Combination = from.Combination,
            Signed = from.Signed,
            FlipAveraging = from.FlipAveraging,
        };

    private static PreparedImage Mirror(PreparedImage image)
    {
        float[] mirrored = new float[image.Tensor.Length];
        for (int i = 0; i < mirrored.Length; i++)
            mirrored[i] = image.Tensor[(i / image.Width * image.Width) + image.Width - 1 - (i % image.Width)];
        return PreparedImage.FromTensor(mirrored, image.Channels, image.Height, image.Width);
    }

    private Explanation Explain(string method, LayerOptions options, PreparedImage picture) =>
        LayerMethods[method](_model, options).On(picture, Target.Class(2));
}
