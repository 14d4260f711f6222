using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Images;

public class MaskFillTests
{
    // Two pixels of three channels, planes one after the other.
    private static readonly PreparedImage Image = PreparedImage.FromTensor([1, 2, 10, 20, 100, 200], 3, 1, 2);

    [Theory]
    [InlineData(TensorLayout.Nchw, new[] { 0.5f, 2, 5, 20, 50, 200 }, new[] { -0.5f, 2, 4, 20, 48.5f, 200 })]
    [InlineData(TensorLayout.Nhwc, new[] { 0.5f, 5, 50, 2, 20, 200 }, new[] { -0.5f, 4, 48.5f, 2, 20, 200 })]
    public void A_masked_pixel_is_mixed_from_the_picture_and_the_fill(
        TensorLayout layout, float[] withZero, float[] withFill)
    {
        float[] fill = [-2, -2, -2, -2, -3, -3];
        Masked(new NetworkInput(Image, layout)).Should().Equal(withZero);
        Masked(new NetworkInput(Image, layout, fill)).Should().Equal(withFill);

        float[] empty = [.. Enumerable.Repeat(7f, 6)];
        new NetworkInput(Image, layout).WriteFill(empty);
        empty.Should().OnlyContain(v => v == 0);
        new NetworkInput(Image, layout, fill).WriteFill(empty);
        empty
            .Should()
            .Equal(layout == TensorLayout.Nchw ? [-2, -2, -2, -2, -3, -3] : new float[] { -2, -2, -3, -2, -2, -3 });

        float[] Masked(NetworkInput input)
        {
            float[] masked = new float[6];
            input.WriteMasked([0.5f, 1], masked);
            return masked;
        }
    }

    [Fact]
    public void A_fill_colour_is_preprocessed_like_the_picture()
    {
        // (p / 255 − mean) / std, in the order of the network's channels.
        MaskFill.Color(255, 0, 51).Values(Image, Preprocessing.Caffe)
            .Should().Equal(51 - 104, 51 - 104, -117, -117, 255 - 123, 255 - 123);
        float[] imagenet = MaskFill.Color(255, 0, 51).Values(Image, Preprocessing.Imagenet)!;
        imagenet[0].Should().BeApproximately((1 - 0.485f) / 0.229f, 1e-5f);
        imagenet[2].Should().BeApproximately(-0.456f / 0.224f, 1e-5f);
        imagenet[5].Should().BeApproximately((0.2f - 0.406f) / 0.225f, 1e-5f);
        // Luma of pure green, 0.587 · 255, rounded.
        MaskFill.Color(0, 255, 0).Values(PreparedImage.FromTensor([0, 0], 1, 1, 2), Preprocessing.Byte)
            .Should().Equal(150, 150);
        MaskFill.Zero.Values(Image, Preprocessing.Imagenet).Should().BeNull();
    }

    [Fact]
    public void A_blur_keeps_a_constant_picture_and_its_width_depends_on_the_input_size()
    {
        MaskFill.Blurred.Values(PreparedImage.FromTensor([.. Enumerable.Repeat(4f, 64)], 1, 8, 8), Preprocessing.Byte)
            .Should().OnlyContain(v => Math.Abs(v - 4) < 1e-5f);
        // A white pixel in 33 × 65: σ = 33 / 11 = 3 (of the shorter side), so the value at a distance of σ is e^−½
        // times the value in the middle.
        float[] point = new float[33 * 65];
        point[(16 * 65) + 32] = 1;
        float[] blurred =
            MaskFill.Blur(1f / 11).Values(PreparedImage.FromTensor(point, 1, 33, 65), Preprocessing.Byte)!;
        (blurred[(16 * 65) + 35] / blurred[(16 * 65) + 32]).Should().BeApproximately(MathF.Exp(-0.5f), 1e-4f);
        (blurred[(19 * 65) + 32] / blurred[(16 * 65) + 32]).Should().BeApproximately(MathF.Exp(-0.5f), 1e-4f);

        foreach (float sigma in new[] { 0, -1, 1.5f, float.NaN })
            FluentActions.Invoking(() => MaskFill.Blur(sigma)).Should().Throw<ArgumentOutOfRangeException>();
    }

    public static TheoryData<string> Fills => ["zero", "color", "blur"];

    /// <summary>
    /// Compares every channel's score with one that is computed outside of the engine: the test computes the masked
    /// picture and gives it to the network as an ordinary picture.
    /// </summary>
    [Theory]
    [MemberData(nameof(Fills))]
    public void Every_channel_is_scored_on_the_picture_mixed_with_the_fill(string name)
    {
        MaskFill fill =
            name switch { "color" => MaskFill.Color(10, 200, 90), "blur" => MaskFill.Blurred, _ => MaskFill.Zero };
        var golden = new GoldenSet("edge/dead_channel");
        using ImageModel model = ImageModel.Load(golden.ModelPath);
        NpyArray input = golden.Array("input");
        PreparedImage image = PreparedImage.FromTensor(input.Row(0), input.Shape[1], input.Shape[2], input.Shape[3]);
        ScoreCamExplainer explainer =
            new(model, new() { MaskFill = fill, Layers = [golden.Layer], Preset = ScoreCamPreset.Paper });
        var why = explainer.Explain(image, Target.Class(1), cancellationToken: TestContext.Current.CancellationToken);
        why.Layers[0].DeadChannels.Should().BePositive();
        int live = why.Layers[0].Layer.Channels - why.Layers[0].DeadChannels;
        why.Passes.Should().Be(live + 1, "all dead channels share one pass");

        float[]? values = fill.Values(image, model.Preprocessing);
        for (int k = 0; k < why.Layers[0].Layer.Channels; k++)
        {
            SaliencyMap mask = explainer.ChannelMask(image, k, TestContext.Current.CancellationToken);
            float[] mixed = new float[image.Tensor.Length];
            for (int i = 0; i < mixed.Length; i++)
            {
                float below = values?[i] ?? 0;
                mixed[i] = below + (mask.Values[i % mask.Values.Length] * (image.Tensor[i] - below));
            }
            PreparedImage shown = PreparedImage.FromTensor(mixed, image.Channels, image.Height, image.Width);
            why.Layers[0].ChannelScores[k]
                .Should().BeApproximately(model.Predict(shown).Logits[1], 1e-4f, $"channel {k}");
            model.Mask(image, mask, fill).Tensor.LargestDifference(mixed).Should().BeLessThan(1e-5f);
        }
    }

    [Fact]
    public void The_baseline_is_the_score_of_the_fill()
    {
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        PreparedImage image = model.Prepare(new RgbImage(2, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90]));
        MaskFill fill = MaskFill.Color(200, 30, 30);
        var why = new ScoreCamExplainer(model, new() { MaskFill = fill, Preset = ScoreCamPreset.IncreaseOfConfidence })
            .Explain(image, Target.Class(3), cancellationToken: TestContext.Current.CancellationToken);
        PreparedImage filled =
            PreparedImage.FromTensor(fill.Values(image, model.Preprocessing)!, 3, image.Height, image.Width);
        float baseline = model.Predict(filled).Probabilities[3];
        LayerEvidence layer = why.Layers[0];
        for (int k = 0; k < layer.Layer.Channels; k++)
            layer.ChannelWeights[k].Should().BeApproximately(layer.ChannelScores[k] - baseline, 1e-5f);
    }
}
