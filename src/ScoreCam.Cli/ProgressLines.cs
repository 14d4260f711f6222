using System.Globalization;

namespace ScoreCam.Cli;

/// <summary>
/// Progress for a log: a line now and then with what is done and the time left. It takes the place of the progress bar
/// where the output is redirected, for example to the log of a batch job. Thread-safe.
/// </summary>
internal sealed class ProgressLines(TextWriter log, int runs, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5), Interval = TimeSpan.FromSeconds(30);

    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _next = First;
    private string _name = "";
    private int _begun;
    private double _done;

    /// <summary>Begins the next run and returns where it reports to.</summary>
    public IProgress<ExplainProgress> NextRun(string name)
    {
        lock (_lock)
        {
            _name = name;
            Advance(_begun);
            return new Run(this, _begun++);
        }
    }

    /// <summary>Reports come from worker threads, and need not come in order.</summary>
    private void Report(double done)
    {
        lock (_lock)
            Advance(done);
    }

    private void Advance(double done)
    {
        _done = Math.Max(_done, Math.Min(done, runs));
        TimeSpan elapsed = time.GetElapsedTime(_started);
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        string left = _done > 0 ? $", about {Words(elapsed * ((runs - _done) / _done))} left" : "";
        string share = (100 * _done / Math.Max(1, runs)).ToString("0", CultureInfo.InvariantCulture);
        log.WriteLine($"scorecam: {(int)_done} of {runs} done ({share} %){left}; now {_name}");
        log.Flush();
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => $"{(int)Math.Ceiling(time.TotalSeconds)} s",
        { TotalMinutes: < 90 } => $"{(int)Math.Ceiling(time.TotalMinutes)} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };

    private sealed class Run(ProgressLines lines, int before) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => lines.Report(before + value.Share());
    }
}
