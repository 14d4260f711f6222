using System.Diagnostics;

namespace ScoreCam.Fuzz;

/// <summary>
/// Cases of one target. The seed and the number determine a case, and it is the same on every machine.
/// </summary>
public sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>A case that takes more processor time hangs. Normal cases take microseconds to milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private long _current = -1;

    /// <summary>The current figures of the run.</summary>
    public FuzzFigures Figures { get; } = new();

    /// <summary>The bytes of a case. The first cases are the unchanged seeds.</summary>
    public byte[] Case(long number)
    {
        if (number < target.Seeds.Count)
            return target.Seeds[(int)number];
        var random = new Random(unchecked((int)((seed * 0x9E3779B1L) ^ (number * 0x85EBCA77L) ^ (number >> 32))));
        // The smaller of two seeds is used, because small files give fast cases.
        byte[] one = target.Seeds[random.Next(target.Seeds.Count)],
            other = target.Seeds[random.Next(target.Seeds.Count)];
        return target.Mutate(one.Length <= other.Length ? one : other, random);
    }

    /// <summary>Runs cases. The first violation ends the run.</summary>
    /// <param name="first">Number of the first case.</param>
    /// <param name="count">Number of cases.</param>
    /// <param name="progress">Called after every 100,000 cases.</param>
    /// <exception cref="FuzzFailure">A promise was violated. The message names the case.</exception>
    public void Run(long first, long count, Action<long>? progress = null)
    {
        FuzzFailure? failure = null;
        // A separate thread, so that a hang is detected from outside. Deep nesting must not exhaust its stack of the
        // usual size.
        var thread = new Thread(() => failure = RunAll(first, count, progress), 1 << 20) { IsBackground = true };
        _ = target.Seeds;
        thread.Start();
        // Processor time is measured, because the machine may be busy with other work.
        (long watched, TimeSpan since) = (-1, TimeSpan.Zero);
        while (!thread.Join(500))
            if (Volatile.Read(ref _current) is var current && current != watched)
                (watched, since) = (current, Environment.CpuUsage.TotalTime);
            else if (Environment.CpuUsage.TotalTime - since > Patience)
                throw new FuzzFailure(
                    $"{target.Name}, seed {seed}, case {current}: not finished after {Patience.TotalSeconds} s of "
                    + $"processor time.");
        if (failure is not null)
            throw failure;
    }

    private FuzzFailure? RunAll(long first, long count, Action<long>? progress)
    {
        for (long number = first; number < first + count; number++)
        {
            try
            {
                Volatile.Write(ref _current, number);
                RunOne(Case(number));
            }
            catch (Exception e)
            {
                return new FuzzFailure($"{target.Name}, seed {seed}, case {number}: {e.Message}", e);
            }
            if ((number + 1) % 100_000 == 0)
                progress?.Invoke(number + 1);
        }
        return null;
    }

    /// <summary>Reads one file and compares the result with the promise.</summary>
    /// <exception cref="FuzzFailure">The promise was violated.</exception>
    public void RunOne(byte[] file)
    {
        Exception? refusal = null;
        long start = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Read(file);
        }
        catch (Exception e)
        {
            refusal = e;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Figures.Add(file.Length, refusal, allocated, Stopwatch.GetElapsedTime(start));
        if (refusal is not null && !target.IsDocumented(refusal))
            throw new FuzzFailure($"{refusal.GetType().Name}, which is not documented: {refusal.Message}", refusal);
        if (allocated > target.AllowedBytes(file.Length))
            throw new FuzzFailure(
                $"{allocated} bytes were allocated for a file of {file.Length} bytes; at most "
                + $"{target.AllowedBytes(file.Length)} are promised.");
        if (refusal is null)
            target.Compare(file);
    }
}
