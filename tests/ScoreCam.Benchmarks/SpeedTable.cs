using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Compares exact and adaptive explanations with the time of ONNX Runtime alone for the same number of pictures,
/// measured in turn.
/// </summary>
internal static class SpeedTable
{
    private static readonly int[] Budgets = [32, 64, 128];

    public static int Run(int rounds, string? only)
    {
        Console.WriteLine(
            $"| network | K | live masks | bare limit, s | exact, s | exact / bare | 1 worker / all | "
            + $"{string.Join(" | ", Budgets.Select(b => $"{b} passes, s"))} | managed MiB of a second explanation |");
        Console.WriteLine($"|---|--:|--:|--:|--:|--:|--:|{string.Concat(Budgets.Select(_ => "--:|"))}--:|");
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All())
            if (only is null || network.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                Measure(network, rounds);
        return 0;
    }

    private static void Measure(BenchmarkNetwork network, int rounds)
    {
        using ImageModel model = network.Load(workers: null), single = network.Load(workers: 1);
        PreparedImage image = network.Prepare(model);
        var (explainer, alone) = (new ScoreCamExplainer(model), new ScoreCamExplainer(single));
        ScoreCamExplainer[] adaptive =
            [.. Budgets.Select(budget =>
            new ScoreCamExplainer(model, new() { Sampling = ChannelSampling.Adaptive(maxPasses: budget) }))];
        using var limit = new BareLimit(network, model, image);
        var why = explainer.Explain(image);
        // All dead channels share one pass. The speed depends on one pass for each other mask, and one for the picture.
        int live = why.Passes - (why.Layers[0].DeadChannels > 0 ? 1 : 0);
        foreach (ScoreCamExplainer each in (ScoreCamExplainer[])[explainer, alone, .. adaptive])
            Measured.WarmUp(() => each.Explain(image));
        // A short explanation is repeated, and the limit of a long one is measured on fewer pictures, so that each
        // measurement takes about a second.
        double once = Measured.Seconds(() => explainer.Explain(image));
        int repeats = Math.Max(1, (int)Math.Round(1 / once)), pictures = (int)Math.Ceiling(0.5 * live / once);
        double Each(Explainer method) =>
            Measured.Seconds(() => { for (int i = 0; i < repeats; i++) method.Explain(image); }) / repeats;

        var (bare, exact, ratio, speedup) = (new Measured(), new Measured(), new Measured(), new Measured());
        Measured[] times = [.. Budgets.Select(_ => new Measured())];
        string arrangement = "";
        for (int round = 0; round < rounds; round++)
        {
            // The limit is measured before and after, because the speed of the machine drifts.
            (double before, arrangement) = limit.Measure(pictures);
            double seconds = Each(explainer);
            (double after, _) = limit.Measure(pictures);
            double least = (before + after) / 2 * (live + 1);
            bare.Add(least);
            exact.Add(seconds);
            ratio.Add(seconds / least);
            speedup.Add(Each(alone) / seconds);
            for (int b = 0; b < Budgets.Length; b++)
                times[b].Add(Each(adaptive[b]));
        }
        string[] cells = [.. Budgets.Select((budget, b) =>
            budget > live ? "exact" : FormattableString.Invariant(
            $"{times[b].Median:0.000}, r {Correlation(adaptive[b].Explain(image), why):0.0000}"))];
        Console.WriteLine(
            $"| {network.Name} | {model.DefaultLayer.Channels} | {live} | {bare} ({arrangement}) | {exact} | "
            + $"{ratio} | {speedup} | {string.Join(" | ", cells)} | {Allocated(explainer, image):0.00} |");
    }

    /// <summary>The correlation of the rectified maps at the resolution of the layer.</summary>
    private static double Correlation(Explanation map, Explanation exact) =>
        MapSimilarity.Pearson(Rectified(map.RawMap), Rectified(exact.RawMap));

    private static SaliencyMap Rectified(SaliencyMap raw) =>
        new(raw.Width, raw.Height, [.. raw.Values.ToArray().Select(value => Math.Max(0, value))]);

    /// <summary>Managed memory that one more explanation allocates in addition to its result, in MiB.</summary>
    private static double Allocated(ScoreCamExplainer explainer, PreparedImage image)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var why = explainer.Explain(image);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        long result = 4L * (why.Map.Values.Length + why.RawMap.Values.Length + why.Layers[0].ChannelScores.Count
            + why.Layers[0].ChannelWeights.Count);
        return (allocated - result) / 1048576.0;
    }
}
