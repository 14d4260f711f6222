using ScoreCam.Imaging;

namespace ScoreCam.Benchmarks;

/// <summary>Exact explanations against what ONNX Runtime alone needs for as many pictures, measured in turn.</summary>
internal static class ExactTable
{
    public static int Run(int rounds, string? only)
    {
        Console.WriteLine("| network | K | passes | bare limit, s | exact, s | exact / bare | 1 worker / all | managed MiB of a second explanation |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
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
        using var limit = new BareLimit(network, model, image);
        int passes = ((ScoreCamExplanation)explainer.Explain(image)).Passes;
        alone.Explain(image);

        var (bare, exact, ratio, speedup) = (new Measured(), new Measured(), new Measured(), new Measured());
        string arrangement = "";
        for (int round = 0; round < rounds; round++)
        {
            // The limit before and after: the machine's speed drifts.
            (double before, arrangement) = limit.Measure(passes / 2);
            double seconds = Measured.Seconds(() => explainer.Explain(image));
            (double after, _) = limit.Measure(passes / 2);
            bare.Add((before + after) / 2 * (passes + 1));
            exact.Add(seconds);
            ratio.Add(seconds / ((before + after) / 2 * (passes + 1)));
            speedup.Add(Measured.Seconds(() => alone.Explain(image)) / seconds);
        }
        Console.WriteLine($"| {network.Name} | {model.DefaultLayer.Channels} | {passes} | {bare} ({arrangement}) | {exact} | {ratio} | {speedup} | {Allocated(explainer, image):0.00} |");
    }

    /// <summary>Managed memory that one more explanation allocates beyond its result, in MiB.</summary>
    private static double Allocated(ScoreCamExplainer explainer, PreparedImage image)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var why = (ScoreCamExplanation)explainer.Explain(image);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        long result = 4L * (why.Map.Values.Length + why.RawMap.Values.Length + why.Layers[0].ChannelScores.Count + why.Layers[0].ChannelWeights.Count);
        return (allocated - result) / 1048576.0;
    }
}
