using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

/// <summary>The sampler alone, with artificial scores.</summary>
public class AdaptiveSamplerTests
{
    private const int Distinct = 12, Copies = 10, Channels = Distinct * Copies;

    [Theory]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(1000)]
    public void Channels_with_equal_masks_are_scored_once_and_share_the_score(int budget)
    {
        // Twelve masks with ten copies each: every pass uses a different mask.
        float[] scores = [.. Enumerable.Range(0, Channels).Select(k => MathF.Sin(k % Distinct) * 4)];
        (ChannelScores result, List<int> asked) = Run(ChannelSampling.Adaptive(budget), Copied(), scores);
        int[] masks = [.. asked.Select(k => k % Distinct)];
        masks.Should().HaveCount(Math.Min(budget, Distinct)).And.OnlyHaveUniqueItems();
        result.Predicted.Should().Equal(Enumerable.Range(0, Channels).Where(k => !masks.Contains(k % Distinct)));
        foreach (int k in Enumerable.Range(0, Channels).Except(result.Predicted))
            result.Channels[0][k].Should().Be(scores[k]);
    }

    [Fact]
    public void Channels_with_nearly_equal_masks_are_predicted_nearly_exactly()
    {
        // Twelve masks with ten nearly equal copies each: twelve passes give nearly all the information.
        ActivationMaps maps = Copied(difference: 1e-4f);
        float[] scores = [.. Enumerable.Range(0, Channels).Select(k => MathF.Sin(k % Distinct) * 4)];
        (ChannelScores result, List<int> asked) = Run(ChannelSampling.Adaptive(maxPasses: 24), maps, scores);

        asked.Should().HaveCount(24).And.OnlyHaveUniqueItems();
        asked.Select(k => k % Distinct).Distinct().Should()
            .HaveCount(Distinct, "an unknown mask gives more information than a known one");
        result.Predicted.Should().Equal(Enumerable.Range(0, Channels).Except(asked));
        // The process treats 0.01 of its variance as noise, so its predictions come within a tenth of its deviation of
        // the measured scores.
        var features = new MaskFeatures(maps, [.. Enumerable.Range(0, Channels)], MaskRule.UpsampleThenMinMax);
        var process = new GaussianProcess(new MaskKernel(features), Channels);
        process.Add([features.Whole, .. asked]);
        float noise = 0.1f * MathF.Sqrt(process.Predict([5, .. asked.Select(k => scores[k])]).Variance);
        for (int k = 0; k < Channels; k++)
            result.Channels[0][k].Should().BeApproximately(scores[k], noise, "scores are -4…4");
        foreach (int k in asked)
            result.Channels[0][k].Should().Be(scores[k], "measured scores do not change");
        result.EstimatedErrors[0].Should().BeLessThan(0.2f);
    }

    [Fact]
    public void Equal_scores_are_predicted_exactly_and_the_error_is_zero()
    {
        (ChannelScores result, _) =
            Run(ChannelSampling.Adaptive(maxPasses: 8), Copied(), [.. Enumerable.Repeat(3f, Channels)], whole: 3);
        result.Channels[0].Should().OnlyContain(score => Math.Abs(score - 3) < 1e-4f);
        result.EstimatedErrors[0].Should().BeLessThan(1e-4f);
    }

    [Fact]
    public void The_important_channels_are_found_without_scoring_all()
    {
        // The score is the brightness at one position, so channels that are bright there have nearly all of the weight.
        ActivationMaps maps = Blobs(200);
        float[] scores = [.. Enumerable.Range(0, 200).Select(k => 12 * maps[k][38] / maps[k].ToArray().Max())];
        (_, List<int> asked) = Run(ChannelSampling.Adaptive(maxPasses: 48), maps, scores);
        int[] best = [.. Enumerable.Range(0, 200).OrderByDescending(k => scores[k]).Take(12)];
        asked.Should().Contain(best);
    }

    [Fact]
    public void A_limit_that_allows_all_channels_scores_all_channels()
    {
        ActivationMaps maps = Blobs(40);
        float[] scores = [.. Enumerable.Range(0, 40).Select(k => (float)Math.Cos(k))];
        foreach (ChannelSampling sampling in new[] { ChannelSampling.Adaptive(40),
            ChannelSampling.Adaptive(tolerance: 1e-9f), ChannelSampling.Adaptive(timeBudget: TimeSpan.FromHours(1)),
            ChannelSampling.Adaptive(timeBudget: TimeSpan.MaxValue) })
        {
            (ChannelScores result, List<int> asked) = Run(sampling, maps, scores);
            asked.Order().Should().Equal(Enumerable.Range(0, 40));
            result.Channels[0].Should().Equal(scores);
            result.Predicted.Should().BeEmpty();
            result.EstimatedErrors[0].Should().Be(0);
        }
    }

    [Fact]
    public void Sampling_stops_at_the_tolerance()
    {
        ActivationMaps maps = Blobs(200);
        float[] scores = [.. Enumerable.Range(0, 200).Select(k => 12 * maps[k][38] / maps[k].ToArray().Max())];
        (ChannelScores loose, List<int> few) = Run(ChannelSampling.Adaptive(tolerance: 0.2f), maps, scores);
        (ChannelScores tight, List<int> more) = Run(ChannelSampling.Adaptive(tolerance: 0.02f), maps, scores);
        loose.EstimatedErrors[0].Should().BeInRange(1e-6f, 0.2f);
        tight.EstimatedErrors[0].Should().BeInRange(0, 0.02f);
        few.Count.Should().BeLessThan(more.Count);
        more.Take(few.Count).Should().Equal(few, "a tighter tolerance only continues the sampling");
    }

    [Fact]
    public void Sampling_stops_when_every_target_is_within_the_tolerance()
    {
        ActivationMaps maps = Blobs(200);
        float[] right = [.. Enumerable.Range(0, 200).Select(k => 12 * maps[k][11] / maps[k].ToArray().Max())];
        // Equal scores are within the tolerance at once.
        (ChannelScores result, _) =
            Run(ChannelSampling.Adaptive(tolerance: 0.05f), maps, [.. Enumerable.Repeat(5f, 200)], second: right);
        result.EstimatedErrors.Should().OnlyContain(error => error <= 0.05f);
    }

    [Fact]
    public void The_time_budget_is_shared_with_the_remaining_sweeps()
    {
        // An hour that is shared by two billion sweeps ends after the first round.
        float[] scores = [.. Enumerable.Range(0, 200).Select(k => (float)Math.Cos(k))];
        (_, List<int> asked) = Run(ChannelSampling.Adaptive(timeBudget: TimeSpan.FromHours(1)), Blobs(200), scores,
            sweepsLeft: 2_000_000_000);
        asked.Count.Should().BeLessThanOrEqualTo(32);
    }

    [Fact]
    public void Channels_that_are_left_when_the_time_ends_are_predicted()
    {
        ActivationMaps maps = Blobs(60);
        float[] scores = [.. Enumerable.Range(0, 60).Select(k => 6 * maps[k][38])];
        // The time ends within the first round, after five of its scores.
        (ChannelScores result, List<int> asked) =
            Run(ChannelSampling.Adaptive(timeBudget: TimeSpan.FromMilliseconds(20)), maps, scores, stopAfter: 5);
        asked.Should().HaveCount(5);
        result.Predicted.Should().HaveCount(55);
        result.Channels[0].Should().OnlyContain(score => float.IsFinite(score));
    }

    [Fact]
    public void Two_targets_share_the_passes()
    {
        var errors = new List<float>();
        for (int seed = 0; seed < 10; seed++)
        {
            ActivationMaps maps = Blobs(200, seed);
            // The score depends on one position only, a different one for each target. Sampling can miss a single map
            // that is bright just there, so the median is tested.
            float[][] exact = [.. new[] { 38, 11 }.Select(place =>
                (float[])[.. Enumerable.Range(0, 200).Select(k => 12 * maps[k][place] / maps[k].ToArray().Max())])];
            (ChannelScores result, List<int> asked) =
                Run(ChannelSampling.Adaptive(maxPasses: 80), maps, exact[0], whole: 12, second: exact[1]);
            asked.Should().HaveCount(80);
            errors.AddRange(exact.Select((scores, t) => Error(maps, result.Channels[t], scores)));
        }
        errors.Order().ElementAt(10).Should().BeLessThan(0.02f, "the map is 0…1");
    }

    private static float Error(ActivationMaps maps, float[] scores, float[] exact) =>
        Map(maps, scores).Zip(Map(maps, exact), (a, b) => MathF.Abs(a - b)).Max();

    /// <summary>Steps 4 and 5 by the definition, at the layer's resolution.</summary>
    private static float[] Map(ActivationMaps maps, float[] scores)
    {
        double[] sum = [.. Enumerable.Range(0, 49)
            .Select(i => Enumerable.Range(0, maps.Channels).Sum(k => Math.Exp(scores[k] - scores.Max()) * maps[k][i]))];
        return [.. sum.Select(v => (float)((v - sum.Min()) / (sum.Max() - sum.Min())))];
    }

    private static (ChannelScores Result, List<int> Asked) Run(
        ChannelSampling sampling,
        ActivationMaps maps,
        float[] scores,
        float whole = 5,
        int stopAfter = int.MaxValue,
        float[]? second = null,
        int sweepsLeft = 1)
    {
        PresetRules rules = PresetRules.Of(ScoreCamPreset.Paper);
        float[] wholePicture = second is null ? [whole] : [whole, whole];
        AnsweredSweep sweep = AnsweredSweep.Begin(sampling.Begin, maps, rules, wholePicture, sweepsLeft);
        (List<int> asked, ChannelScores result) = sweep.Run(
            (target, channel) => (target == 0 ? scores : second!)[channel], stopAfter);
        asked.Count.Should().BeLessThanOrEqualTo(sweep.Sampler.MaxScored);
        sweep.Scores.Count.Should().Be(asked.Count);
        return (result, asked);
    }

    /// <summary>Maps of 7 × 7 with one bright spot each, of different widths and positions.</summary>
    private static ActivationMaps Blobs(int channels, int seed = 3)
    {
        var random = new Random(seed);
        var values = new float[channels * 49];
        for (int k = 0; k < channels; k++)
        {
            (double row, double column, double width) =
                (7 * random.NextDouble(), 7 * random.NextDouble(), 0.5 + (2 * random.NextDouble()));
            for (int i = 0; i < 49; i++)
                values[(k * 49) + i] = (float)Math.Exp(-(Math.Pow((i / 7) - row, 2) + Math.Pow((i % 7) - column, 2))
                    / (2 * width * width));
        }
        return new("layer", values, channels, 7, 7);
    }

    private static ActivationMaps Copied(float difference = 0)
    {
        var random = new Random(4);
        float[] maps = [.. Enumerable.Range(0, Distinct * 49).Select(_ => (float)random.NextDouble())];
        return new("layer", [.. Enumerable.Repeat(maps, Copies).SelectMany(copy => copy)
            .Select(v => v + (difference * (float)random.NextDouble()))], Channels, 7, 7);
    }
}
