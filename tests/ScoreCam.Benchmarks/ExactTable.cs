using System.Diagnostics;
using ScoreCam.Imaging;

namespace ScoreCam.Benchmarks;

/// <summary>Exact explanations against what ONNX Runtime alone needs for as many pictures.</summary>
internal static class ExactTable
{
    public static int Run(int rounds, string? only)
    {
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All())
        {
            if (only is not null && !network.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                continue;
            using ImageModel model = ImageModel.Load(network.Bytes, new() { Preprocessing = network.Preprocessing });
            PreparedImage image = network.Prepare(model);
            var explainer = new ScoreCamExplainer(model);
            using var limit = new BareLimit(network, model, image);
            int passes = ((ScoreCamExplanation)explainer.Explain(image)).Passes;

            var (ratios, bare, exact, alone) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            string arrangement = "";
            using ImageModel single = ImageModel.Load(network.Bytes, new() { Preprocessing = network.Preprocessing, Workers = 1 });
            for (int round = 0; round < rounds; round++)
            {
                (double perPicture, arrangement) = limit.Measure(Math.Min(passes, 256));
                double seconds = Time(explainer, image);
                double again = Time(new ScoreCamExplainer(single), image);
                bare.Add(perPicture * (passes + 1));
                exact.Add(seconds);
                ratios.Add(seconds / bare[^1]);
                alone.Add(again / seconds);
            }
            long before = GC.GetAllocatedBytesForCurrentThread() + GC.GetTotalAllocatedBytes();
            explainer.Explain(image);
            long allocated = GC.GetAllocatedBytesForCurrentThread() + GC.GetTotalAllocatedBytes() - before;
            Console.WriteLine(
                $"{network.Name,-16} K {model.DefaultLayer.Channels,4}  passes {passes,4}  bare {Spread(bare)} s ({arrangement})  exact {Spread(exact)} s  ratio {Spread(ratios)}  1 worker / {model.Workers()} {Spread(alone)}  allocated {allocated / 1024} KiB");
        }
        return 0;
    }

    private static double Time(ScoreCamExplainer explainer, PreparedImage image)
    {
        var time = Stopwatch.StartNew();
        explainer.Explain(image);
        return time.Elapsed.TotalSeconds;
    }

    private static string Spread(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return $"{sorted[sorted.Length / 2]:0.000} ({sorted[0]:0.000}–{sorted[^1]:0.000})";
    }

    private static int Workers(this ImageModel model) => model.Network.Workers;
}
