using System.Diagnostics;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Repeated measurements of one quantity. The median is the result, and the spread is its uncertainty.
/// </summary>
internal sealed class Measured
{
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(1.5);

    private readonly List<double> _values = [];

    public double Median => _values.Order().ElementAt(_values.Count / 2);

    public void Add(double value) => _values.Add(value);

    /// <summary>
    /// Repeats an action until its speed is stable. The runtime compiles frequently called code a second time, some
    /// tenths of a second later. The earlier code is several times slower.
    /// </summary>
    public static void WarmUp(Action action)
    {
        var time = Stopwatch.StartNew();
        do
            action();
        while (time.Elapsed < WarmUpTime);
    }

    public static double Seconds(Action action)
    {
        var time = Stopwatch.StartNew();
        action();
        return time.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Processor time of all threads. Unlike elapsed time, it does not grow when the machine is busy.
    /// </summary>
    public static double ProcessorSeconds(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    public override string ToString() => $"{Median:0.000} ({_values.Min():0.000}–{_values.Max():0.000})";
}
