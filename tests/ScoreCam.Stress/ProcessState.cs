using System.Diagnostics;

namespace ScoreCam.Stress;

/// <summary>What the process holds when nothing runs.</summary>
internal sealed record ProcessState(int Threads, double ManagedMiB, double ResidentMiB)
{
    /// <summary>Waits until idle workers have ended and garbage is collected.</summary>
    public static ProcessState Settled()
    {
        Thread.Sleep(TimeSpan.FromSeconds(4));
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Now();
    }

    public static ProcessState Now()
    {
        using var process = Process.GetCurrentProcess();
        return new(process.Threads.Count, GC.GetTotalMemory(false) / 1048576.0, process.WorkingSet64 / 1048576.0);
    }

    public override string ToString() => $"{Threads} threads, {ManagedMiB:0.0} MiB managed, {ResidentMiB:0} MiB resident";
}
