using System.Diagnostics;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;

namespace ScoreCam.Stress;

/// <summary>
/// Measures how long a short call takes beside long sweeps of another model. Jobs take turns after each batch, so the
/// call waits for about one batch of each other job per own batch. If it waited for a whole sweep, it would take as
/// long as the sweep.
/// </summary>
internal static class StarveTrial
{
    private const int ShortCalls = 12;

    public static int Run(int rounds)
    {
        string path = Path.Combine(SharedFolder.Root, "models", "squeezenet1.1_fp32_softmax.onnx");
        if (!File.Exists(path))
        {
            Console.WriteLine(
                "Needs shared/models/squeezenet1.1_fp32_softmax.onnx next to the repository, which is not there.");
            return 2;
        }
        using ImageModel big = ImageModel.Load(path, new() { Preprocessing = Preprocessing.Caffe }),
            small = Everyday.Load();
        PreparedImage bigPicture = big.Prepare(Everyday.Photo("chelsea.png")),
            smallPicture = small.Prepare(Everyday.Photo("coffee.png"));
        var sweep = new ScoreCamExplainer(big);
        var brief = new ScoreCamExplainer(small, new() { Sampling = ChannelSampling.TopVariance(8) });
        sweep.Explain(bigPicture);
        brief.Explain(smallPicture);

        foreach (int sweeps in new[] { 0, 1, 4, 16 })
        {
            List<double> shorts = [], longs = [];
            for (int round = 0; round < rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                Thread[] threads = [.. Enumerable.Range(0, sweeps)
                    .Select(_ => new Thread(() => Sweep(sweep, bigPicture, longs, stop.Token)))];
                Array.ForEach(threads, thread => thread.Start());
                Thread.Sleep(sweeps == 0 ? 0 : 200);
                for (int i = 0; i < ShortCalls; i++)
                {
                    var watch = Stopwatch.StartNew();
                    brief.Explain(smallPicture);
                    shorts.Add(watch.Elapsed.TotalMilliseconds);
                }
                // Running sweeps continue to their end, so that their time beside other calls is known.
                stop.Cancel();
                Array.ForEach(threads, thread => thread.Join());
            }
            Console.WriteLine(
                $"{sweeps,2} long sweeps at once: a short call takes {Median(shorts):0} ms (most {shorts.Max():0})"
                + (sweeps == 0 ? ""
                    : $", a long sweep {Median(longs):0} ms; short / long {Median(shorts) / Median(longs):0.000} "
                    + $"(most {shorts.Max() / Median(longs):0.000})"));
        }
        return 0;
    }

    private static void Sweep(ScoreCamExplainer sweep, PreparedImage picture, List<double> times,
        CancellationToken stop)
    {
        do
        {
            var watch = Stopwatch.StartNew();
            sweep.Explain(picture, cancellationToken: CancellationToken.None);
            lock (times)
                times.Add(watch.Elapsed.TotalMilliseconds);
        }
        while (!stop.IsCancellationRequested);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
