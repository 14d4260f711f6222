using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>
/// The options of Score-CAM on everyday20, compared with explanations that the tests combine.
/// </summary>
public sealed class ScoreCamOptionsTests : IDisposable
{
    private const int Cat = 3;
    private readonly ImageModel _model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
    private readonly PreparedImage _photo;

    public ScoreCamOptionsTests() =>
        _photo = _model.Prepare(SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", "coffee.png")));

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(ScoreCamPreset.Paper)]
    [InlineData(ScoreCamPreset.Official)]
    public void Flip_averaging_is_the_mean_of_the_raw_maps_of_the_picture_and_of_its_mirror_image(ScoreCamPreset preset)
    {
        Explanation averaged = Explain(new() { Preset = preset, FlipAveraging = true }, _photo);
        Explanation upright = Explain(new() { Preset = preset }, _photo),
            mirrored = Explain(new() { Preset = preset }, Mirror(_photo));

        float[] mean = [.. upright.RawMap.Values];
        for (int y = 0; y < upright.RawMap.Height; y++)
            for (int x = 0; x < upright.RawMap.Width; x++)
                mean[(y * upright.RawMap.Width) + x] =
                    (upright.RawMap[y, x] + mirrored.RawMap[y, upright.RawMap.Width - 1 - x]) / 2;
        averaged.RawMap.Values.LargestDifference(mean).Should().BeLessThan(1e-5f);
        averaged.Map.Values.LargestDifference(
            Normalized(new SaliencyMap(upright.RawMap.Width, upright.RawMap.Height, mean))).Should().BeLessThan(1e-4f);
        averaged.Passes.Should().Be(upright.Passes + mirrored.Passes);
        averaged.Layers[0].ChannelScores.Should().Equal(upright.Layers[0].ChannelScores);
        averaged.Logit.Should().Be(upright.Logit);
        upright.Map.Values.LargestDifference(averaged.Map.Values).Should()
            .BeGreaterThan(0.05f, "the photograph is not symmetric");
    }

    [Fact]
    public void Flip_averaging_gives_the_mirror_image_the_mirrored_map()
    {
        SaliencyMap a = Explain(new() { FlipAveraging = true }, _photo).Map,
            b = Explain(new() { FlipAveraging = true }, Mirror(_photo)).Map;
        for (int y = 0; y < a.Height; y += 7)
            for (int x = 0; x < a.Width; x += 7)
                b[y, a.Width - 1 - x].Should().BeApproximately(a[y, x], 1e-3f, $"at {x}, {y}");
    }

    [Fact]
    public void Signed_evidence_is_the_raw_map_divided_by_its_largest_magnitude()
    {
        Explanation signed = Explain(new() { Preset = ScoreCamPreset.IncreaseOfConfidence, Signed = true }, _photo);
        Explanation unsigned = Explain(new() { Preset = ScoreCamPreset.IncreaseOfConfidence }, _photo);
        signed.IsSigned.Should().BeTrue();
        unsigned.IsSigned.Should().BeFalse();
        signed.RawMap.Values.LargestDifference(unsigned.RawMap.Values).Should().BeLessThan(1e-6f);

        float[] up = signed.RawMap.Resize(signed.Map.Width, signed.Map.Height).Values.ToArray();
        float largest = up.Max(Math.Abs);
        signed.Map.Values.LargestDifference([.. up.Select(v => v / largest)]).Should().BeLessThan(1e-5f);
        signed.Map.Values.ToArray().Max(Math.Abs).Should().Be(1);
        signed.Map.Values.ToArray().Min().Should().BeNegative("a picture of a cup has evidence against a cat");
    }

    [Fact]
    public void Several_layers_give_the_mean_of_their_maps()
    {
        string[] layers = ["/layer2/layer2.1/Relu_1_output_0", "/layer3/layer3.1/Relu_1_output_0"];
        Explanation both = Explain(new() { Layers = layers }, _photo);
        float[][] maps = [.. layers.Select(layer => Explain(new() { Layers = [layer] }, _photo).Map.Values.ToArray())];
        both.Layers.Select(layer => layer.Layer.Name).Should().Equal(layers);
        for (int i = 0; i < maps.Length; i++)
            both.Layers[i].Map.Values.LargestDifference(maps[i]).Should().BeLessThan(1e-4f);

        float[] mean = [.. maps[0].Zip(maps[1], (a, b) => (a + b) / 2)];
        (float min, float max) = (mean.Min(), mean.Max());
        both.Map.Values.LargestDifference([.. mean.Select(v => (v - min) / (max - min))]).Should().BeLessThan(1e-4f);
        both.Passes.Should().Be(both.Layers.Sum(layer => layer.Passes));
    }

    [Fact]
    public void The_input_can_be_shown_as_the_prepared_picture()
    {
        RgbImage shown = _model.Preprocessing.ToPicture(_photo);
        RgbImage expected = _photo.Picture!.Resize(_photo.Width, _photo.Height);
        shown.Pixels.ToArray().Should().Equal(expected.Pixels.ToArray());
        // Where the picture is fully masked, the network sees the mean colour.
        RgbImage masked = _model.Preprocessing.ToPicture(_model.Mask(_photo, new SaliencyMap(1, 1, [0])));
        masked.Pixels[..3].ToArray().Should()
            .Equal((byte)Math.Round(255 * _model.Preprocessing.Mean.X),
            (byte)Math.Round(255 * _model.Preprocessing.Mean.Y), (byte)Math.Round(255 * _model.Preprocessing.Mean.Z));
        FluentActions.Invoking(() => _model.Mask(_photo, new SaliencyMap(1, 2, [0, float.NaN]))).Should()
            .Throw<ArgumentException>().WithMessage("*NaN at row 1*");
    }

    [Fact]
    public void A_channel_that_the_layer_does_not_have_is_refused() =>
        FluentActions.Invoking(() => new ScoreCamExplainer(_model).ChannelMask(_photo, 128)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*0 to 127*");

    private Explanation Explain(ScoreCamOptions options, PreparedImage image) =>
        new ScoreCamExplainer(_model, options)
            .Explain(image, Target.Class(Cat), cancellationToken: TestContext.Current.CancellationToken);

    private static PreparedImage Mirror(PreparedImage image)
    {
        float[] mirrored = new float[image.Tensor.Length];
        for (int i = 0; i < mirrored.Length; i++)
            mirrored[i] = image.Tensor[(i / image.Width * image.Width) + image.Width - 1 - (i % image.Width)];
        return PreparedImage.FromTensor(mirrored, image.Channels, image.Height, image.Width);
    }

    /// <summary>ReLU, to 128 × 128, min–max.</summary>
    private static float[] Normalized(SaliencyMap raw)
    {
        float[] up = new SaliencyMap(raw.Width, raw.Height, [.. raw.Values.ToArray().Select(v => Math.Max(0, v))])
            .Resize(128, 128).Values.ToArray();
        (float min, float max) = (up.Min(), up.Max());
        return [.. up.Select(v => (v - min) / (max - min))];
    }
}
