using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ScoreCam.Stress;

/// <summary>What the process holds when nothing runs.</summary>
internal sealed record ProcessState(int Threads, double ManagedMiB, double ResidentMiB)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Waits until idle workers have ended, and where it is given, until so few threads are left (those of the
    /// runtime's pool end late), collects garbage, and has glibc give back what was freed.
    /// </summary>
    public static ProcessState Settled(int? threads = null)
    {
        var waited = Stopwatch.StartNew();
        do
            Thread.Sleep(TimeSpan.FromSeconds(4));
        while (threads is { } few && Now().Threads > few && waited.Elapsed < Patience);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        // Freed memory stays in the allocator's arenas, one for every few threads, until it is asked for: without
        // this a leak and a reserve look alike.
        if (OperatingSystem.IsLinux())
            Trim(0);
        return Now();
    }

    public static ProcessState Now()
    {
        using var process = Process.GetCurrentProcess();
        return new(process.Threads.Count, GC.GetTotalMemory(false) / 1048576.0, process.WorkingSet64 / 1048576.0);
    }

    public override string ToString() =>
        $"{Threads} threads, {ManagedMiB:0.0} MiB managed, {ResidentMiB:0} MiB resident";

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint keep);
}
