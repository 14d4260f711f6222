using System.Diagnostics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// Divides the time until an end among computations, which run at the same time or one after the other. Thread-safe.
/// </summary>
/// <param name="end">The end, as a time since the explanation began; null if there is none.</param>
/// <param name="elapsed">The time since the explanation began.</param>
/// <param name="count">The number of computations.</param>
internal sealed class SharedTime(TimeSpan? end, Stopwatch elapsed, int count)
{
    private int _waiting = count;
    private int _running;

    /// <summary>Begins a computation. Disposing its turn ends it.</summary>
    public Turn Begin()
    {
        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _running);
        return new(this, elapsed.Elapsed);
    }

    /// <summary>
    /// Whether a computation has used its share of the time. The computations that wait need shares too, and as many
    /// run at the same time as now.
    /// </summary>
    private bool IsOver(TimeSpan began)
    {
        (int waiting, int running) = (Volatile.Read(ref _waiting), Volatile.Read(ref _running));
        int rounds = 1 + ((waiting + running - 1) / running);
        return elapsed.Elapsed >= TimeShares.End(end, began, rounds);
    }

    /// <summary>A running computation.</summary>
    public sealed class Turn(SharedTime time, TimeSpan began) : IDisposable
    {
        /// <summary>Whether the computation has used its share of the time.</summary>
        public bool IsOver => time.IsOver(began);

        public void Dispose() => Interlocked.Decrement(ref time._running);
    }
}
