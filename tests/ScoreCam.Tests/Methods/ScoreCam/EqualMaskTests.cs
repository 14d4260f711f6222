using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Channels with equal masks are scored once, and each gets the score that it would get alone.</summary>
public class EqualMaskTests
{
    [Theory]
    [InlineData(ScoreCamPreset.Paper, 1f, 10)]
    [InlineData(ScoreCamPreset.Paper, 4f, 10)]
    [InlineData(ScoreCamPreset.PytorchGradCam, 1f, 10)]
    [InlineData(ScoreCamPreset.TorchCam, 1f, 10)]
    [InlineData(ScoreCamPreset.Official, 4f, 10)]
    [InlineData(ScoreCamPreset.IncreaseOfConfidence, 4f, 11)]
    [InlineData(ScoreCamPreset.ScoreCamPlusPlus, 1f, 10)]
    // Its masks are tanh of the activations, so four times the activations give a different mask.
    [InlineData(ScoreCamPreset.ScoreCamPlusPlus, 4f, 20)]
    // For maps as small as 2⁻²², the guard of 10⁻⁸ against a division by zero gives a different mask.
    [InlineData(ScoreCamPreset.PytorchGradCam, 2.38418579e-7f, 20)]
    [InlineData(ScoreCamPreset.TorchCam, 2.38418579e-7f, 20)]
    [InlineData(ScoreCamPreset.Paper, 2.38418579e-7f, 10)]
    public void Channels_with_equal_masks_are_scored_once(ScoreCamPreset preset, float factor, int passes)
    {
        var reports = new Reports();
        Explanation twice = Explain(factor, preset, ChannelSampling.All, reports),
            alone = Explain(null, preset, ChannelSampling.All);
        twice.Passes.Should().Be(passes);
        reports.All.Max(report => report.Done).Should().Be(passes);
        reports.All.Should().OnlyContain(report => report.Total == passes, "the total is right from the beginning");
        twice.Layers[0].ChannelScores.Take(10).Should()
            .Equal(alone.Layers[0].ChannelScores, "the first of two channels is scored as usual");
        if (passes < 20)
            twice.Layers[0].ChannelScores.Skip(10).Should().Equal(alone.Layers[0].ChannelScores);
    }

    [Fact]
    public void Two_sided_scores_of_equal_masks_take_two_passes() =>
        Explain(1, ScoreCamPreset.Paper, ChannelSampling.All, twoSided: true).Passes.Should().Be(20);

    [Fact]
    public void Adaptive_sampling_measures_channels_with_equal_masks_together()
    {
        Explanation why = Explain(1, ScoreCamPreset.Paper, ChannelSampling.Adaptive(maxPasses: 7));
        why.Passes.Should().Be(7);
        IReadOnlyList<int> predicted = why.Layers[0].PredictedChannels;
        predicted.Should().HaveCount(6, "7 of 10 masks are scored, and each serves two channels");
        predicted.Where(k => k < 10).Select(k => k + 10).Should().Equal(predicted.Where(k => k >= 10));
        Explain(1, ScoreCamPreset.Paper, ChannelSampling.Adaptive(maxPasses: 15)).Passes.Should()
            .Be(10, "there is nothing left to score");
    }

    [Fact]
    public void Only_the_chosen_channels_of_largest_variance_get_weight()
    {
        // The copies vary four times as much and are chosen; the originals are not, although their scores would be
        // known.
        Explanation why = Explain(4, ScoreCamPreset.Official, ChannelSampling.TopVariance(3));
        why.Passes.Should().Be(3);
        why.Layers[0].ChannelWeights.Count(weight => weight != 0).Should().Be(3);
    }

    /// <summary>
    /// The usual network with its ten channels and copies of them times a power of two, whose masks are bit-identical.
    /// Without a factor, only its own ten channels.
    /// </summary>
    private static Explanation Explain(float? factor, ScoreCamPreset preset, ChannelSampling sampling,
        Reports? reports = null, bool twoSided = false)
    {
        TinyModel net = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width))
            .Initializer("factor", [1], [factor ?? 1]).Mul("copies", Networks.Layer, "factor")
                .Concat("both", 1, Networks.Layer, "copies")
            // The rest of the network reads the first ten channels only, so that the scores are those of the usual
            // network.
            .Initializer("from", [1], 0L).Initializer("to", [1], 10L).Initializer("axis", [1], 1L)
                .Op("Slice", "first", ["both", "from", "to", "axis"])
            .GlobalAveragePool("gap").Flatten("flat").Gemm("gemm", Networks.Classes, inputs: 10)
                .Initializer("spread", [1], 20f).Mul("logits", "gemm", "spread").Output();
        using ImageModel model = ImageModel.Load(net.ToBytes());
        var options = new ScoreCamOptions
        {
            Layers = [factor is null ? Networks.Layer : "both"],
            Preset = preset,
            Sampling = sampling,
            TwoSided = twoSided
        };
        return new ScoreCamExplainer(model, options)
            .Explain(Networks.Picture(), Target.Class(2), reports, TestContext.Current.CancellationToken);
    }
}
