using System.Diagnostics;

namespace ScoreCam.Fuzz;

/// <summary>Cases of one target. Seed and number make the case, on every machine the same.</summary>
public sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>A case that takes more of the processor hangs: cases take microseconds to milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private long _current = -1;

    /// <summary>Figures so far.</summary>
    public FuzzFigures Figures { get; } = new();

    /// <summary>The bytes of a case; the first ones are the seeds as they are.</summary>
    public byte[] Case(long number)
    {
        if (number < target.Seeds.Count)
            return target.Seeds[(int)number];
        var random = new Random(unchecked((int)((seed * 0x9E3779B1L) ^ (number * 0x85EBCA77L) ^ (number >> 32))));
        // The smaller of two: small files make fast cases.
        byte[] one = target.Seeds[random.Next(target.Seeds.Count)],
            other = target.Seeds[random.Next(target.Seeds.Count)];
        return target.Mutate(one.Length <= other.Length ? one : other, random);
    }

    /// <summary>Runs cases; the first broken promise ends the run.</summary>
    /// <param name="first">Number of the first case.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Is told after every 100,000 cases.</param>
    /// <exception cref="FuzzFailure">A promise was broken; the message has the case.</exception>
    public void Run(long first, long count, Action<long>? progress = null)
    {
        FuzzFailure? failure = null;
        // A thread of its own, so that a hang is seen from outside; of the usual size of stack, which deep nesting
        // must not exhaust.
        var thread = new Thread(() => failure = RunAll(first, count, progress), 1 << 20) { IsBackground = true };
        _ = target.Seeds;
        thread.Start();
        // Processor time, because the machine may be busy with other things.
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

    /// <summary>Reads one file and holds what happens against the promise.</summary>
    /// <exception cref="FuzzFailure">It was broken.</exception>
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
