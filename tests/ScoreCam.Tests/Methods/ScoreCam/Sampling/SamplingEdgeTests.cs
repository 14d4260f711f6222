using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

/// <summary>Budgets, maps and scores at the limits of adaptive sampling.</summary>
public class SamplingEdgeTests
{
    [Fact]
    public void A_single_score_gives_the_largest_error_estimate()
    {
        // With two-sided scores, the two passes are the baseline and its other side.
        ChannelScores result = Run(ChannelSampling.Adaptive(maxPasses: 2),
            new("layer", [0, 1, 2, 3, 3, 2, 1, 0, 5, 5, 5, 5], 3, 2, 2), channel => channel, twoSided: true);
        result.Predicted.Should().Equal(0, 1);
        result.EstimatedErrors.Should().Equal(1f);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void The_budget_also_applies_to_a_single_channel(int passes, int scored)
    {
        var maps = new ActivationMaps("layer", [0, 1, 2, 3, 5, 5, 5, 5], 2, 2, 2);
        Begin(ChannelSampling.Adaptive(passes), maps, twoSided: true).Sampler.MaxScored.Should()
            .Be(scored, "each score takes two passes");
    }

    [Theory]
    [InlineData(1e-2f)]
    [InlineData(1e-3f)]
    [InlineData(1e-5f)]
    [InlineData(1e-7f)]
    public void Predictions_for_nearly_equal_masks_stay_near_the_measured_scores(float difference)
    {
        var random = new Random(3);
        float[] one = [.. Enumerable.Range(0, 49).Select(_ => random.NextSingle())];
        float[] values = [.. Enumerable.Range(0, 64)
            .SelectMany(_ => one.Select(v => v * (1 + (difference * (random.NextSingle() - 0.5f)))))];
        float[] scores = [.. Enumerable.Range(0, 64).Select(_ => 8 + (0.1f * random.NextSingle()))];
        foreach (int budget in new[] { 16, 33 })
        {
            ChannelScores result = Run(ChannelSampling.Adaptive(budget), new("layer", values, 64, 7, 7), channel =>
                scores[channel]);
            result.Channels[0].Should()
                .OnlyContain(score => score > 7.5f && score < 8.6f, "all measured scores are 8 to 8.1");
            result.EstimatedErrors[0].Should().BeInRange(0, 1);
        }
    }

    [Fact]
    public void Activations_whose_sum_overflows_can_be_sampled()
    {
        float[] values = [.. Enumerable.Range(0, 8 * 224 * 224)
            .Select(i => 5e36f * (0.4f + (0.6f * (i * 7919 % 1000) / 1000)))];
        Begin(ChannelSampling.Adaptive(maxPasses: 4), new("layer", values, 8, 224, 224)).Sampler.NextRound().Should()
            .HaveCount(4);
    }

    [Fact]
    public void The_smallest_activations_can_be_added_with_the_largest_weight()
    {
        var maps = new SummedMaps(new("layer", [0, 1e-38f, 2e-38f, 0], 1, 2, 2), SumRule.Activations, signed: false);
        float[] sum = maps.Sum([MathF.Exp(50)]);
        sum[0].Should().Be(0);
        sum.Should().OnlyContain(value => float.IsFinite(value));
    }

    [Fact]
    public void A_blank_map_has_the_largest_error_until_all_channels_are_scored()
    {
        var maps = new ActivationMaps("layer", [0, 1, 2, 3, 3, 1, 0, 1, 2, 2, 0, 1], 3, 2, 2);
        int[] channels = [0, 1, 2];
        var process = new GaussianProcess(
            new MaskKernel(new MaskFeatures(maps, channels, MaskRule.UpsampleThenMinMax)), 3);
        process.Add(0);
        // All weights are predicted to be just below zero.
        var prediction = new TargetPrediction
        {
            Link = new LinearLink(0),
            Means = [-0.01f, -0.01f, -0.01f, 0],
            Variance = 1e-4f,
            Calibration = 1
        };
        Error([1, 2]).Should().Be(1);
        Error([]).Should().Be(0);

        float Error(int[] unmeasured) =>
            new ErrorEstimate(new SummedMaps(maps, SumRule.Activations, signed: false), channels)
            .Of(prediction, [-0.01f, -0.01f, -0.01f],
                new Candidates(ErrorEstimate.MaxCandidates, [prediction], [3, 3, 2], process, unmeasured));
    }

    private static ChannelScores Run(
        ChannelSampling sampling, ActivationMaps maps, Func<int, float> score, bool twoSided = false) =>
        Begin(sampling, maps, twoSided)
            .Run((_, channel) => channel == AnsweredSweep.Baseline ? -1 : score(channel)).Result;

    private static AnsweredSweep Begin(ChannelSampling sampling, ActivationMaps maps, bool twoSided = false)
    {
        PresetRules rules = PresetRules.Of(ScoreCamPreset.Paper) with { TwoSided = twoSided };
        return AnsweredSweep.Begin(sampling.Begin, maps, rules, wholePicture: [9]);
    }
}
