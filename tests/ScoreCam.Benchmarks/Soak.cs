using System.Diagnostics;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Benchmarks;

/// <summary>Runs many explanations on one model. Memory must not grow after the first ones.</summary>
internal static class Soak
{
    public static int Run(int explanations)
    {
        BenchmarkNetwork network = BenchmarkNetwork.All().First();
        using ImageModel model = network.Load(workers: null);
        PreparedImage image = network.Prepare(model);
        var explainer = new ScoreCamExplainer(model);
        float[] expected = [];
        using var process = Process.GetCurrentProcess();
        for (int i = 1; i <= explanations; i++)
        {
            float[] map = explainer.Explain(image).Map.Values.ToArray();
            if (i == 1)
                expected = map;
            if (!map.AsSpan().SequenceEqual(expected))
                throw new InvalidOperationException($"Explanation {i} differs from the first.");
            if (i % Math.Max(1, explanations / 10) != 0)
                continue;
            process.Refresh();
            Console.WriteLine(
                $"{i,5} explanations: {process.WorkingSet64 / 1048576} MiB in memory, "
                + $"{GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:0.0} MiB managed, "
                + $"{process.Threads.Count} threads");
        }
        Console.WriteLine("every map bit-identical to the first");
        return 0;
    }
}
