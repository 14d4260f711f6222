using System.Diagnostics;

namespace ScoreCam.Fuzz;

/// <summary>Cases of one target. Seed and number make the case, on every machine the same.</summary>
public sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>A case that takes longer hangs. Cases take microseconds to milliseconds; a machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _clock = new();
    private long _current = -1;
    private long _startedAt;

    /// <summary>Figures so far.</summary>
    public FuzzFigures Figures { get; } = new();

    /// <summary>The bytes of a case; the first ones are the seeds as they are.</summary>
    public byte[] Case(long number)
    {
        if (number < target.Seeds.Count)
            return target.Seeds[(int)number];
        var random = new Random(unchecked((int)((seed * 0x9E3779B1L) ^ (number * 0x85EBCA77L) ^ (number >> 32))));
        return target.Mutate(target.Seeds[random.Next(target.Seeds.Count)], random);
    }

    /// <summary>Runs cases; the first broken promise ends the run.</summary>
    /// <param name="first">Number of the first case.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Is told after every 100,000 cases.</param>
    /// <exception cref="FuzzFailure">A promise was broken; the message has the case.</exception>
    public void Run(long first, long count, Action<long>? progress = null)
    {
        FuzzFailure? failure = null;
        // A thread of its own, so that a hang is seen from outside; of the usual size of stack, which deep nesting must not exhaust.
        var thread = new Thread(() => failure = RunAll(first, count, progress), 1 << 20) { IsBackground = true };
        _clock.Start();
        thread.Start();
        while (!thread.Join(500))
            if (_clock.Elapsed - TimeSpan.FromTicks(Volatile.Read(ref _startedAt)) > Patience)
                throw new FuzzFailure($"{target.Name}, seed {seed}, case {Volatile.Read(ref _current)}: not finished after {Patience.TotalSeconds} s.");
        if (failure is not null)
            throw failure;
    }

    private FuzzFailure? RunAll(long first, long count, Action<long>? progress)
    {
        for (long number = first; number < first + count; number++)
        {
            try
            {
                Volatile.Write(ref _startedAt, _clock.Elapsed.Ticks);
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
            throw new FuzzFailure($"{allocated} bytes were allocated for a file of {file.Length} bytes; at most {target.AllowedBytes(file.Length)} are promised.");
        if (refusal is null)
            target.Compare(file);
    }
}
