using System.Globalization;

namespace ScoreCam.Cli;

/// <summary>
/// Writes progress lines for a log: one within the first second, and then one every half minute, with the progress and
/// the remaining time. It replaces the progress bar if the output is redirected, for example to the log of a batch job.
/// Thread-safe.
/// </summary>
internal sealed class ProgressLines : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.8), Interval = TimeSpan.FromSeconds(30);

    private readonly TextWriter _log;
    private readonly RunCount _runs;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private string _name = "";
    private int _begun;
    private double _done;

    /// <param name="log">The writer for the lines.</param>
    /// <param name="runs">The number of runs.</param>
    /// <param name="time">The clock that determines when a line is due.</param>
    public ProgressLines(TextWriter log, RunCount runs, TimeProvider time)
    {
        (_log, _runs, _time, _started) = (log, runs, time, time.GetTimestamp());
        // The timer also writes a line while the model is loading, when nothing reports progress.
        _timer = time.CreateTimer(_ => WriteLine(), null, First, Interval);
    }

    /// <summary>Starts the next run and returns its progress receiver.</summary>
    public IProgress<ExplainProgress> NextRun(string name)
    {
        lock (_lock)
        {
            _name = name;
            _done = Math.Max(_done, _begun);
            return new Run(this, _begun++);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void WriteLine()
    {
        lock (_lock)
        {
            TimeSpan elapsed = _time.GetElapsedTime(_started);
            int runs = Math.Max(1, _runs.Total);
            double done = Math.Min(_done, runs);
            string left = done > 0 ? $", about {Words(elapsed * ((runs - done) / done))} left" : "";
            string share = (100 * done / runs).ToString("0", CultureInfo.InvariantCulture);
            _log.WriteLine(_begun == 0
                ? "scorecam: loading the model"
                : $"scorecam: {(int)done} of {runs} done ({share} %){left}; now {_name}");
            _log.Flush();
        }
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => $"{(int)Math.Ceiling(time.TotalSeconds)} s",
        { TotalMinutes: < 90 } => $"{(int)Math.Ceiling(time.TotalMinutes)} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };

    /// <summary>The progress of one run. Reports come from worker threads and can be out of order.</summary>
    private sealed class Run(ProgressLines lines, int before) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value)
        {
            lock (lines._lock)
                lines._done = Math.Max(lines._done, before + value.Share());
        }
    }
}
