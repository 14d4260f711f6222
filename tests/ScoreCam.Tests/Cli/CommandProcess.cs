using System.Diagnostics;
using System.Runtime.InteropServices;
using ScoreCam.Cli;

namespace ScoreCam.Tests.Cli;

/// <summary>Runs the command in a separate process on Unix, for signals and for limits of a whole process.</summary>
internal sealed class CommandProcess : IDisposable
{
    public const int SigInt = 2, SigKill = 9, SigTerm = 15;

    private readonly Process _process;
    private readonly Task<string> _output, _error;

    private CommandProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        (_output, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    private static string Program => typeof(ExitCodes).Assembly.Location;

    // A background process of a shell ignores SIGINT, and so do its child processes. The program env of Linux resets
    // this.
    public static CommandProcess Start(params string[] arguments) => new(OperatingSystem.IsLinux()
        ? new("env", ["--default-signal=INT", "dotnet", Program, .. CommandRun.WithModel(arguments)])
        : new("dotnet", [Program, .. CommandRun.WithModel(arguments)]));

    /// <summary>
    /// Starts a process with the given home folder and without the variables that turn off telemetry.
    /// </summary>
    public static CommandProcess StartAtHome(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. CommandRun.WithModel(arguments)]);
        foreach (string name in start.Environment.Keys.ToArray())
            if (name is "CI" or "XDG_CACHE_HOME" || name.StartsWith("ORT_", StringComparison.Ordinal))
                start.Environment.Remove(name);
        start.Environment["HOME"] = folder;
        return new(start);
    }

    /// <summary>
    /// Starts a process that cannot write files of more than this number of blocks of 512 bytes. A longer write fails
    /// as on a full disk.
    /// </summary>
    public static CommandProcess StartWithLimitedFiles(int blocks, params string[] arguments)
    {
        ProcessStartInfo start =
            new("/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f {blocks}; exec dotnet \"$@\"", "sh", Program,
            .. CommandRun.WithModel(arguments)]);
        // Otherwise the runtime maps its code from a file, and the limit applies to that file.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new(start);
    }

    /// <summary>Waits until the condition is true. Fails if the process ends first.</summary>
    public async Task WaitUntil(Func<bool> condition)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited || waited.Elapsed > TimeSpan.FromMinutes(2))
                throw new InvalidOperationException(
                    $"It was to be stopped in the middle, but "
                    + $"{(_process.HasExited ? $"ended with {_process.ExitCode}: {await _error}" : "nothing came")}.");
            await Task.Delay(2, Xunit.TestContext.Current.CancellationToken);
        }
    }

    public void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"The signal {signal} could not be sent.");
    }

    public async Task<CommandRun> End()
    {
        await _process.WaitForExitAsync(Xunit.TestContext.Current.CancellationToken);
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
