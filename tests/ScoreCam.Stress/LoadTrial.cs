using System.Diagnostics;
using ScoreCam.Tests.Load;

namespace ScoreCam.Stress;

/// <summary>
/// Many callers run calls of every kind on one model. A third of the calls are cancelled at a random moment. At the end
/// the model is disposed while calls run. Every result is compared with that of a model that ran alone.
/// </summary>
internal sealed class LoadTrial(Mixture mixture)
{
    private const double CancelledShare = 1.0 / 3;
    private const int Parts = 5;
    private static readonly TimeSpan Deadlock = TimeSpan.FromMinutes(3);

    private readonly List<double> _cancelMilliseconds = [];
    private readonly Dictionary<string, int> _failures = [];
    private int _equal, _different, _cancelled, _cancelledTooLate, _refused;
    private double _meanSeconds = 1;

    public static int Run(TimeSpan duration, int callers, int seed)
    {
        ProcessState start = ProcessState.Settled();
        ImageModel model = Everyday.Load();
        Mixture mixture = Everyday.Expected(model);
        var stopwatch = Stopwatch.StartNew();
        for (int i = 0; i < mixture.Count; i++)
            if (mixture[i].Run(null, CancellationToken.None) != mixture.Expected(i))
                throw new InvalidOperationException($"Call {i} differs already when nothing else runs.");
        double alone = stopwatch.Elapsed.TotalSeconds / mixture.Count;
        ProcessState warm = ProcessState.Settled();
        Console.WriteLine(
            $"{mixture.Count} kinds of calls, {1000 * alone:0} ms each where one caller is alone; {callers} "
            + $"callers for {duration}, seed {seed}");

        var trial = new LoadTrial(mixture);
        Thread[] threads = [.. Enumerable.Range(0, callers)
            .Select(i => new Thread(() => trial.Call(new Random((seed * 10_000) + i))))];
        Array.ForEach(threads, thread => thread.Start());
        ProcessState busy = start;
        for (int part = 1; part <= Parts; part++)
        {
            Thread.Sleep(duration / Parts);
            busy = ProcessState.Now();
            Console.WriteLine(
                $"  {part * duration / Parts:hh\\:mm\\:ss}  {trial._equal + trial._different} completed, "
                + $"{trial._cancelled} cancelled; {busy}");
        }
        var disposing = Stopwatch.StartNew();
        model.Dispose();
        double disposeSeconds = disposing.Elapsed.TotalSeconds;
        bool ended = threads.All(thread => thread.Join(Deadlock));
        if (!ended)
            Console.WriteLine("DEADLOCK: callers did not return.");
        return trial.Report(start, warm, busy, disposeSeconds) && ended ? 0 : 1;
    }

    /// <summary>Runs calls of one caller until the model is disposed.</summary>
    private void Call(Random random)
    {
        while (true)
        {
            int index = random.Next(mixture.Count);
            bool cancels = random.NextDouble() < CancelledShare;
            double delay = random.NextDouble() * 1.5 * Volatile.Read(ref _meanSeconds);
            long cancelledAt = 0;
            using var cancellation = new CancellationTokenSource();
            using Timer? timer = cancels ? new(_ =>
            {
                Volatile.Write(ref cancelledAt, Stopwatch.GetTimestamp());
                cancellation.Cancel();
            }, null, TimeSpan.FromSeconds(delay), Timeout.InfiniteTimeSpan) : null;
            var elapsed = Stopwatch.StartNew();
            try
            {
                string digest = mixture[index].Run(null, cancellation.Token);
                Note(digest == mixture.Expected(index), cancellation.IsCancellationRequested,
                    elapsed.Elapsed.TotalSeconds);
            }
            catch (OperationCanceledException) when (cancels)
            {
                double latency = Stopwatch.GetElapsedTime(Volatile.Read(ref cancelledAt)).TotalMilliseconds;
                lock (_cancelMilliseconds)
                {
                    _cancelled++;
                    _cancelMilliseconds.Add(latency);
                }
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref _refused);
                return;
            }
            catch (Exception exception)
            {
                lock (_failures)
                    _failures[$"{exception.GetType().Name}: {exception.Message}"] =
                        _failures.GetValueOrDefault($"{exception.GetType().Name}: {exception.Message}") + 1;
            }
            finally
            {
                // The callback of the timer must not use a disposed source.
                using var done = new ManualResetEvent(false);
                if (timer?.Dispose(done) == true)
                    done.WaitOne();
            }
        }
    }

    private void Note(bool equal, bool cancelledTooLate, double seconds)
    {
        lock (_cancelMilliseconds)
        {
            (_equal, _different) = equal ? (_equal + 1, _different) : (_equal, _different + 1);
            _cancelledTooLate += cancelledTooLate ? 1 : 0;
            _meanSeconds = (0.98 * _meanSeconds) + (0.02 * seconds);
        }
    }

    private bool Report(ProcessState start, ProcessState warm, ProcessState busy, double disposeSeconds)
    {
        double[] latencies = [.. _cancelMilliseconds.Order()];
        Console.WriteLine(
            $"completed   {_equal + _different}: {_equal} equal to the bit, {_different} different "
            + $"({_cancelledTooLate} were cancelled after their last batch)");
        Console.WriteLine(
            $"cancelled   {_cancelled}; milliseconds until the caller had it: median {At(latencies, 0.5):0.0}, "
            + $"p99 {At(latencies, 0.99):0.0}, most {At(latencies, 1):0.0}");
        Console.WriteLine(
            $"disposed    while {_refused} callers ran: {disposeSeconds:0.0} s until the last call had ended, "
            + $"{_refused} new calls refused");
        foreach ((string failure, int count) in _failures)
            Console.WriteLine($"FAILED      {count} × {failure}");
        ProcessState end = ProcessState.Settled(warm.Threads);
        Console.WriteLine($"start       {start}");
        Console.WriteLine($"warm        {warm}");
        Console.WriteLine($"under load  {busy}");
        Console.WriteLine($"at the end  {end}");
        return _different == 0 && _failures.Count == 0 && end.Threads <= warm.Threads + 2;
    }

    private static double At(double[] sorted, double quantile) =>
        sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling(quantile * (sorted.Length - 1))];
}
