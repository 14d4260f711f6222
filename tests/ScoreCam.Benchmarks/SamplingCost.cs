using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Benchmarks;

/// <summary>
/// What the adaptive sampling itself costs, on one thread and without the network: made-up maps and scores, which cost what real ones do. Processor time, the least of nine runs.
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
        Console.WriteLine(FormattableString.Invariant($"| {channels} | {targets} | {passes}{(passes == $"{used}" ? "" : $": {used}")} | {1000 * seconds:0.0} | {1000 * seconds / (channels - used):0.000} |"));
    }

    /// <summary>Bright spots, scored by how much light they leave on a place of the target, as a network would.</summary>
    private static SamplingCase MadeUp(int channels, int targets)
    {
        var random = new Random(1);
        var values = new float[channels * 49];
        var scores = new float[targets * (channels + 2)];
        for (int k = 0; k < channels; k++)
        {
            (double row, double column, double width) = (7 * random.NextDouble(), 7 * random.NextDouble(), 0.5 + (2 * random.NextDouble()));
            for (int i = 0; i < 49; i++)
                values[(k * 49) + i] = (float)Math.Exp(-(Math.Pow((i / 7) - row, 2) + Math.Pow((i % 7) - column, 2)) / (2 * width * width));
            for (int t = 0; t < targets; t++)
                scores[(t * (channels + 2)) + k] = (10 * values[(k * 49) + 38 - (5 * t)]) + (float)random.NextDouble();
        }
        for (int t = 0; t < targets; t++)
            scores[(t * (channels + 2)) + channels + 1] = 12;
        return new("made up", new ActivationMaps("layer", values, channels, 7, 7), new NpyArray([targets, channels + 2], scores));
    }
}
