using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Measures the adaptive sampling itself, on one thread and without the network. The maps and scores are artificial,
/// and cost as much as real ones. The result is the smallest processor time of nine runs.
/// </summary>
internal static class SamplingCost
{
    public static int Run()
    {
        Console.WriteLine("| K (7 × 7) | targets | passes | own time, ms | own time / pass saved, ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((int channels, int targets) in new[] { (512, 1), (1280, 1), (2048, 1), (2048, 5) })
        {
            SamplingCase one = MadeUp(channels, targets);
            foreach (int budget in new[] { 32, 64, 128, 256, 512, 1024 }.Where(budget => budget < channels))
                Measure(one, channels, targets, $"{budget}", ChannelSampling.Adaptive(budget));
            Measure(one, channels, targets, "tolerance 0.05", ChannelSampling.Adaptive(tolerance: 0.05f));
        }
        return 0;
    }

    private static void Measure(SamplingCase one, int channels, int targets, string passes, ChannelSampling sampling)
    {
        int used = one.Simulate(sampling.Begin).Passes;
        Measured.WarmUp(() => one.Simulate(sampling.Begin));
        double seconds = Enumerable.Range(0, 9).Min(_ => Measured.ProcessorSeconds(() => one.Simulate(sampling.Begin)));
        string done = passes == $"{used}" ? passes : $"{passes}: {used}";
        double milliseconds = 1000 * seconds;
        Console.WriteLine(FormattableString.Invariant(
            $"| {channels} | {targets} | {done} | {milliseconds:0.0} | {milliseconds / (channels - used):0.000} |"));
    }

    /// <summary>
    /// Creates maps of bright spots. The score of a mask is its brightness at one position, which depends on the
    /// target.
    /// </summary>
    private static SamplingCase MadeUp(int channels, int targets)
    {
        var random = new Random(1);
        var values = new float[channels * 49];
        var scores = new float[targets * (channels + 2)];
        for (int k = 0; k < channels; k++)
        {
            double row = 7 * random.NextDouble();
            double column = 7 * random.NextDouble();
            double width = 0.5 + (2 * random.NextDouble());
            for (int i = 0; i < 49; i++)
            {
                double squaredDistance = Math.Pow((i / 7) - row, 2) + Math.Pow((i % 7) - column, 2);
                values[(k * 49) + i] = (float)Math.Exp(-squaredDistance / (2 * width * width));
            }
            for (int t = 0; t < targets; t++)
                scores[(t * (channels + 2)) + k] = (10 * values[(k * 49) + 38 - (5 * t)]) + (float)random.NextDouble();
        }
        for (int t = 0; t < targets; t++)
            scores[(t * (channels + 2)) + channels + 1] = 12;
        var maps = new ActivationMaps("layer", values, channels, 7, 7);
        return new("made up", maps, new NpyArray([targets, channels + 2], scores));
    }
}
