using System.Diagnostics;

namespace ScoreCam.Benchmarks;

/// <summary>Repeated measurements of one thing: the median is what is quoted, the spread says how far to trust it.</summary>
internal sealed class Measured
{
    private readonly List<double> _values = [];

    public double Median => _values.Order().ElementAt(_values.Count / 2);

    public void Add(double value) => _values.Add(value);

    public static double Seconds(Action action)
    {
        var time = Stopwatch.StartNew();
        action();
        return time.Elapsed.TotalSeconds;
    }

    /// <summary>Processor time of all threads: unlike the time on the wall it does not grow when the machine is busy.</summary>
    public static double ProcessorSeconds(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    public override string ToString() => $"{Median:0.000} ({_values.Min():0.000}–{_values.Max():0.000})";
}
