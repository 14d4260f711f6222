using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Sampling on everyday20: 128 channels, about half of them dead.</summary>
public sealed partial class ChannelSamplingTests : IDisposable
{
    private const int Cat = 3, Cup = 6;
    private static readonly string Model = Path.Combine(SharedData.Repository, "models", "everyday20");
    private readonly ImageModel _model = ImageModel.Load(Model);
    private readonly PreparedImage _photo;

    public ChannelSamplingTests() => _photo = Photo("chelsea.png");

    public void Dispose() => _model.Dispose();

    public static TheoryData<ScoreCamPreset, bool, bool> Forms()
    {
        var data = new TheoryData<ScoreCamPreset, bool, bool>();
        foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
            data.Add(preset, false, false);
        data.Add(ScoreCamPreset.Paper, true, false);
        data.Add(ScoreCamPreset.IncreaseOfConfidence, true, true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void With_a_budget_for_every_channel_the_result_is_bit_identical(ScoreCamPreset preset, bool twoSided,
        bool signed)
    {
        ScoreCamOptions options = new() { Preset = preset, TwoSided = twoSided, Signed = signed };
        Explanation exact = Explain(options);
        // The last one goes through every round of the adaptive sampling; the others do not have to.
        foreach (ChannelSampling sampling in new[] { ChannelSampling.Adaptive(maxPasses: 1000),
            ChannelSampling.TopVariance(128), ChannelSampling.Adaptive(tolerance: 1e-20f) })
        {
            Explanation sampled = Explain(options with { Sampling = sampling });
            sampled.Map.Values.ToArray().Should().Equal(exact.Map.Values.ToArray(), $"{sampling} leaves nothing out");
            sampled.Layers[0].ChannelScores.Should().Equal(exact.Layers[0].ChannelScores);
            sampled.Layers[0].ChannelWeights.Should().Equal(exact.Layers[0].ChannelWeights);
            sampled.Passes.Should().Be(exact.Passes);
            sampled.Layers[0].PredictedChannels.Should().BeEmpty();
            sampled.Layers[0].EstimatedError.Should().Be(0);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Half_of_the_passes_give_nearly_the_same_map(ScoreCamPreset preset, bool twoSided, bool signed)
    {
        ScoreCamOptions options = new() { Preset = preset, TwoSided = twoSided, Signed = signed };
        int budget = twoSided ? 64 : 32;
        Explanation exact = Explain(options),
            sampled = Explain(options with { Sampling = ChannelSampling.Adaptive(budget) });
        sampled.Passes.Should().Be(budget);
        Correlation(sampled.RawMap, exact.RawMap).Should().BeGreaterThan(0.999);

        LayerEvidence layer = sampled.Layers[0];
        layer.EstimatedError.Should().BeInRange(1e-9f, 0.2f);
        for (int k = 0; k < 128; k++)
            if (!layer.PredictedChannels.Contains(k))
                layer.ChannelScores[k].Should().Be(exact.Layers[0].ChannelScores[k]);
        // There is one pass for each measured channel and one for the fully masked picture. Channels with equal masks
        // share a pass, and all dead channels share that of the fully masked picture.
        int measured = 128 - layer.PredictedChannels.Count - layer.DeadChannels;
        (measured * (twoSided ? 2 : 1)).Should().BeGreaterThanOrEqualTo(budget - 2);
    }

    /// <summary>
    /// Single maps of classes that are not in the picture can be less accurate, so the bound applies to the mean of
    /// twenty maps. Each map must be at least as good as one from the same number of passes by variance.
    /// </summary>
    [Theory]
    [InlineData(16, 0.98)]
    [InlineData(32, 0.99)]
    public void A_fraction_of_the_live_channels_suffices_on_photographs(int passes, double mean)
    {
        Target[] classes = [.. new[] { 0, Cat, Cup, 12 }.Select(Target.Class)];
        var correlations = new List<double>();
        foreach (string name in new[] { "chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "collage.png" })
        {
            PreparedImage photo = Photo(name);
            IReadOnlyList<Explanation> exact =
                new ScoreCamExplainer(_model)
                .Explain(photo, classes, cancellationToken: TestContext.Current.CancellationToken);
            for (int t = 0; t < classes.Length; t++)
            {
                correlations.Add(Correlation(Explain(ChannelSampling.Adaptive(passes)), exact[t].RawMap));
                correlations[^1].Should()
                    .BeGreaterThan(Correlation(Explain(ChannelSampling.TopVariance(passes)), exact[t].RawMap) - 1e-4,
                    $"{name}, {classes[t].Name}");

                SaliencyMap Explain(ChannelSampling sampling) =>
                    this.Explain(new() { Sampling = sampling }, photo, classes[t]).RawMap;
            }
        }
        correlations.Average().Should().BeGreaterThan(mean);
    }

    [Fact]
    public void Sampling_stops_at_the_tolerance_and_reports_the_error()
    {
        Explanation loose = Explain(new() { Sampling = ChannelSampling.Adaptive(tolerance: 0.1f) }),
            tight = Explain(new() { Sampling = ChannelSampling.Adaptive(tolerance: 0.005f) });
        loose.Layers[0].EstimatedError.Should().BeInRange(1e-9f, 0.1f);
        tight.Layers[0].EstimatedError.Should().BeLessThanOrEqualTo(0.005f);
        loose.Passes.Should().BeLessThan(tight.Passes);
        tight.Passes.Should().BeLessThan(Explain(new()).Passes);
    }

    [Fact]
    public void Without_any_limit_the_tolerance_is_five_hundredths() =>
        Explain(new() { Sampling = ChannelSampling.Adaptive() }).Layers[0].ChannelScores.Should()
            .Equal(Explain(new() { Sampling = ChannelSampling.Adaptive(tolerance: 0.05f) }).Layers[0].ChannelScores);

    [Fact]
    public void Workers_and_batches_do_not_change_the_result()
    {
        ScoreCamOptions options = new() { Sampling = ChannelSampling.Adaptive(maxPasses: 24) };
        Explanation first = Explain(options);
        foreach ((int workers, int batch) in new[] { (1, 1), (4, 1), (2, 3), (1, 16) })
        {
            using ImageModel other = ImageModel.Load(Model, new() { Workers = workers, BatchSize = batch });
            Explanation again = other.Explain(_photo, Target.Class(Cat), options);
            again.Map.Values.ToArray().Should()
                .Equal(first.Map.Values.ToArray(), $"{workers} workers, batches of {batch}");
            again.Layers[0].ChannelScores.Should().Equal(first.Layers[0].ChannelScores);
            again.Layers[0].EstimatedError.Should().Be(first.Layers[0].EstimatedError);
        }
    }

    [Fact]
    public void When_the_time_budget_ends_the_best_map_so_far_is_returned()
    {
        using ImageModel slow = ImageModel.Load(Model, new() { Workers = 1 });
        PreparedImage photo = slow.Prepare(
            SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", "chelsea.png")));
        // A target that takes 10 ms, so that 66 passes would take 660 ms.
        Target target = Target.Function("slow cat", scores =>
        {
            Thread.Sleep(10);
            return scores[Cat];
        });
        slow.Explain(photo, target, new() { Sampling = ChannelSampling.Adaptive(maxPasses: 2) });

        Explanation why = slow.Explain(photo, target,
            new() { Sampling = ChannelSampling.Adaptive(timeBudget: TimeSpan.FromMilliseconds(250)) });
        why.Passes.Should().BeInRange(2, 30);
        why.Layers[0].PredictedChannels.Should().NotBeEmpty();
        why.Map.Values.ToArray().Should().OnlyContain(value => value >= 0 && value <= 1);

        slow.Explain(photo, target,
            new() { Sampling = ChannelSampling.Adaptive(timeBudget: TimeSpan.FromTicks(1)) }).Passes.Should()
            .Be(3, "two pictures are always scored, and the fully masked one is already known");
        Explain(new() { Sampling = ChannelSampling.Adaptive(timeBudget: TimeSpan.FromHours(1)) }).Map.Values.ToArray()
            .Should().Equal(Explain(new()).Map.Values.ToArray());
    }

    [Fact]
    public void A_map_with_a_large_estimated_error_has_a_warning_and_a_map_with_a_small_one_has_none()
    {
        Explanation guessed = Explain(new() { Sampling = ChannelSampling.Adaptive(maxPasses: 4) });
        guessed.Warnings.Should().ContainSingle().Which.Should()
            .Match("*little evidence*4 passes*of 128 channels*off by*");
        guessed.Layers[0].Warnings.Should().Equal(guessed.Warnings);
        Explanation known = Explain(new() { Sampling = ChannelSampling.Adaptive(tolerance: 0.1f) });
        known.Layers[0].EstimatedError.Should().BeLessThan(0.25f);
        known.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Several_targets_layers_and_mirrored_pictures_are_sampled()
    {
        const string earlier = "/layer2/layer2.1/Relu_1_output_0", last = "/layer3/layer3.1/Relu_1_output_0";
        Target[] targets = [Target.Class(Cat), Target.Class(Cup)];
        ScoreCamOptions options = new() { Layers = [earlier, last], FlipAveraging = true };
        PreparedImage collage = Photo("collage.png");
        IReadOnlyList<Explanation> exact =
            new ScoreCamExplainer(_model, options)
            .Explain(collage, targets, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<Explanation> sampled =
            new ScoreCamExplainer(_model, options with { Sampling = ChannelSampling.Adaptive(maxPasses: 40) })
            .Explain(collage, targets, cancellationToken: TestContext.Current.CancellationToken);
        for (int t = 0; t < 2; t++)
        {
            var why = sampled[t];
            why.Layers.Should().HaveCount(2).And.OnlyContain(layer =>
                layer.Passes <= 80 && layer.EstimatedError != null);
            Correlation(why.Map, exact[t].Map).Should().BeGreaterThan(0.99, targets[t].Name);
        }
    }

    [Fact]
    public void Only_the_channels_of_largest_deviation_get_weight()
    {
        TinyModel tiny = Networks.Trunk();
        using ImageModel model = ImageModel.Load(tiny.Output().ToBytes());
        PreparedImage picture = Networks.Picture();
        float[] exact = [.. model.Explain(picture).Layers[0].ChannelScores];
        Explanation sampled = model.Explain(picture, options: new() { Sampling = ChannelSampling.TopVariance(4) });

        // The maps from ONNX Runtime alone: 10 maps of 12 × 10.
        float[] maps = Tiny.Run(tiny.Model, picture.Tensor, Networks.Layer);
        int[] chosen = [.. Enumerable.Range(0, 10).OrderByDescending(k => Deviation(maps.AsSpan(k * 120, 120))).Take(4)
            .Order()];
        double[] exp = [.. chosen.Select(k => Math.Exp(exact[k]))];
        for (int k = 0; k < 10; k++)
        {
            int place = Array.IndexOf(chosen, k);
            sampled.Layers[0].ChannelScores[k].Should().Be(place < 0 ? float.NaN : exact[k]);
            sampled.Layers[0].ChannelWeights[k].Should()
                .BeApproximately(place < 0 ? 0 : (float)(exp[place] / exp.Sum()), 1e-5f);
        }
        sampled.Passes.Should().Be(4);
        sampled.Layers[0].EstimatedError.Should().BeNull();
    }

    private PreparedImage Photo(string name) =>
        _model.Prepare(SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", name)));

    private Explanation Explain(ScoreCamOptions options, PreparedImage? photo = null, Target? target = null) =>
        _model.Explain(photo ?? _photo, target ?? Target.Class(Cat), options);

    private static double Deviation(ReadOnlySpan<float> values)
    {
        double[] all = [.. values.ToArray().Select(v => (double)v)];
        return Math.Sqrt(all.Average(v => (v - all.Average()) * (v - all.Average())));
    }

    private static double Correlation(SaliencyMap a, SaliencyMap b)
    {
        double[] x = [.. a.Values.ToArray().Select(v => (double)v)], y = [.. b.Values.ToArray().Select(v => (double)v)];
        (double meanX, double meanY) = (x.Average(), y.Average());
        double product = x.Zip(y, (p, q) => (p - meanX) * (q - meanY)).Sum();
        return product / Math.Sqrt(x.Sum(p => (p - meanX) * (p - meanX)) * y.Sum(q => (q - meanY) * (q - meanY)));
    }
}
