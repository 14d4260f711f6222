using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ScoreCam.Stress;

/// <summary>The threads and memory of the process when nothing runs.</summary>
internal sealed record ProcessState(int Threads, double ManagedMiB, double ResidentMiB)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Waits until idle workers have ended. If a number of threads is given, waits until no more than that are left,
    /// because threads of the runtime's pool end late. Then collects garbage, and makes glibc return freed memory.
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
        // Freed memory stays in the arenas of the allocator until it is requested. There is one arena for every few
        // threads. Without this call, a leak cannot be distinguished from a reserve.
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
