using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>SS-CAM and IS-CAM: a channel scores the mean over variants of its mask.</summary>
public class MaskAveragingTests
{
    [Theory]
    [InlineData(1, 3, 2f)]
    [InlineData(4, 5, 0.3f)]
    public void SS_CAM_matches_naive_loops_over_noisy_masks(int seed, int samples, float deviation)
    {
        Explanation why = Explain(MaskAveraging.Noise(samples, deviation, seed));
        why.Method.Should().Contain($"SS-CAM, {samples} samples");
        ShouldBe(why, mask => [.. Enumerable.Range(0, samples).Select(i =>
        {
            var random = new SeededRandom(seed, i);
            return mask.Select(m => m + (deviation * random.NextNormal())).ToArray();
        })]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void IS_CAM_matches_naive_loops_over_scaled_masks(int steps)
    {
        Explanation why = Explain(MaskAveraging.Steps(steps));
        why.Method.Should().Contain($"IS-CAM, {steps} steps");
        ShouldBe(why, mask =>
            [.. Enumerable.Range(1, steps).Select(i => mask.Select(m => m * i / steps).ToArray())]);
    }

    [Fact]
    public void Zero_noise_and_a_single_step_equal_Score_CAM()
    {
        float[] one = Explain(MaskAveraging.None).Map.Values.ToArray();
        Explain(MaskAveraging.Noise(1, 0)).Map.Values.ToArray().Should().Equal(one);
        Explain(MaskAveraging.Steps(1)).Map.Values.ToArray().Should().Equal(one);
        Explain(MaskAveraging.Noise(3)).Map.Values.LargestDifference(one).Should().BeGreaterThan(1e-3f);
        Explain(MaskAveraging.Steps(3)).Map.Values.LargestDifference(one).Should().BeGreaterThan(1e-3f);
    }

    [Fact]
    public void The_seed_determines_the_map_for_any_batch_size_and_each_variant_takes_a_pass()
    {
        Explanation first = Explain(MaskAveraging.Noise(4, seed: 7));
        Explanation again = Explain(MaskAveraging.Noise(4, seed: 7), batch: 3);
        again.Layers[0].ChannelScores.ToArray().LargestDifference(first.Layers[0].ChannelScores.ToArray())
            .Should().BeLessThan(1e-5f);
        Explain(MaskAveraging.Noise(4, seed: 8)).Layers[0].ChannelScores.Should()
            .NotEqual(first.Layers[0].ChannelScores);
        first.Passes.Should().Be(4 * Explain(MaskAveraging.None).Passes);
    }

    [Fact]
    public void Two_sided_scores_are_the_mean_of_the_differences()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] x = picture.Tensor.ToArray();
        ScoreCamExplainer explainer = new(model, new() { TwoSided = true, Averaging = MaskAveraging.Steps(2) });
        Explanation why = explainer.On(picture, Target.Class(2));
        for (int k = 0; k < 6; k++)
        {
            float[] mask = explainer.ChannelMask(picture, k, TestContext.Current.CancellationToken).Values.ToArray();
            float expected = new[] { 0.5f, 1 }.Average(step =>
                Tiny.Run(tiny.Model, [.. x.Select((v, i) => v * (step * mask[i % 64]))], "logits")[2]
                - Tiny.Run(tiny.Model, [.. x.Select((v, i) => v * (1 - (step * mask[i % 64])))], "logits")[2]);
            why.Layers[0].ChannelScores[k].Should().BeApproximately(expected, 1e-5f);
        }
    }

    [Fact]
    public void A_dead_channel_has_the_mean_score_of_the_variants_of_a_zero_mask()
    {
        using ImageModel model = ImageModel.Load(DeadChannelTests.WithDeadChannels(4));
        PreparedImage picture = Networks.Picture();
        ScoreCamOptions options = new() { Layers = ["masked"], Averaging = MaskAveraging.Noise(3, 1.5f, seed: 2) };
        Explanation why = new ScoreCamExplainer(model, options).On(picture, Target.Class(2));

        float[] x = picture.Tensor.ToArray();
        float mean = Enumerable.Range(0, 3).Average(i =>
        {
            var random = new SeededRandom(2, i);
            double[] noise = [.. Enumerable.Range(0, x.Length / 3).Select(_ => 1.5 * random.NextNormal())];
            float[] noisy = [.. x.Select((v, at) => (float)(v * noise[at % noise.Length]))];
            return model.Predict(PreparedImage.FromTensor(noisy, 3, picture.Height, picture.Width)).Logits[2];
        });
        why.Layers[0].DeadChannels.Should().Be(4);
        why.Layers[0].ChannelScores.Take(4).Should()
            .OnlyContain(score => Math.Abs(score - mean) < 1e-4f, "the mean is {0}", mean);
    }

    [Fact]
    public void Adaptive_sampling_predicts_averaged_scores_and_refuses_a_limit_below_one_channel()
    {
        using ImageModel model = Load(4);
        ScoreCamOptions exact = new() { Averaging = MaskAveraging.Steps(3) };
        int all = new ScoreCamExplainer(model, exact).On(Networks.Picture(1), Target.Class(3)).Passes;
        ScoreCamOptions sampled = exact with { Sampling = ChannelSampling.Adaptive(all - 6) };
        Explanation why = new ScoreCamExplainer(model, sampled).On(Networks.Picture(1), Target.Class(3));
        why.Passes.Should().BeLessThanOrEqualTo(all - 6);
        why.Layers[0].PredictedChannels.Should().HaveCountGreaterThanOrEqualTo(2);

        FluentActions.Invoking(() => new ScoreCamExplainer(
                model, exact with { Sampling = ChannelSampling.Adaptive(2) }))
            .Should().Throw<ArgumentException>().WithMessage("*may run 2 passes, and one channel takes 3*");
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        FluentActions.Invoking(() => MaskAveraging.Noise(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => MaskAveraging.Steps(0)).Should().Throw<ArgumentOutOfRangeException>();
        foreach (float deviation in new[] { -1, float.NaN, float.PositiveInfinity })
            FluentActions.Invoking(() => MaskAveraging.Noise(1, deviation))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected 0 to 100*");
    }

    private static ImageModel Load(int batch) => ImageModel.Load(
        Networks.Trunk(seed: 1).Output(Networks.Layer).Output("logits").ToBytes(),
        new() { Output = "logits", BatchSize = batch });

    private static Explanation Explain(MaskAveraging averaging, int batch = 4)
    {
        using ImageModel model = Load(batch);
        return new ScoreCamExplainer(model, new() { Averaging = averaging }).On(Networks.Picture(1), Target.Class(3));
    }

    private static void ShouldBe(Explanation why, Func<double[], double[][]> variants)
    {
        using var session = new InferenceSession(
            Networks.Trunk(seed: 1).Output(Networks.Layer).Output("logits").ToBytes());
        var expected = BruteForceTests.ScoreCam(session, Networks.Picture(1), 3, variants: variants);
        NpyRows.LargestDifference(why.Layers[0].ChannelScores.ToArray(), expected.Scores).Should().BeLessThan(1e-4f);
        NpyRows.LargestDifference(why.Layers[0].ChannelWeights.ToArray(), expected.Weights).Should().BeLessThan(1e-5f);
        why.Map.Values.LargestDifference(expected.Map).Should().BeLessThan(1e-5f);
    }
}
