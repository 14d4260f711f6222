using System.Diagnostics;
using System.Text;

namespace ScoreCam.Samples.Tests.Support;

/// <summary>A .NET program in a separate process. Disposing ends it.</summary>
internal sealed class ChildProcess : IDisposable
{
    // A program that hangs must not hang the tests.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly CancellationToken _cancellationToken = Xunit.TestContext.Current.CancellationToken;

    public ChildProcess(string workingFolder, params string[] arguments)
    {
        ProcessStartInfo start = new(Dotnet, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program <c>dotnet</c> of the runtime that runs the tests.</summary>
    public static string Dotnet { get; } = Path.Combine(Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>The C# compiler of the newest SDK beside that runtime.</summary>
    public static string Compiler { get; } = Directory.GetDirectories(Path.Combine(Root, "sdk"))
        .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
        .Where(File.Exists)
        .MaxBy(File.GetLastWriteTimeUtc)
        ?? throw new FileNotFoundException($"There is no SDK with a C# compiler in {Root}.");

    public int Id => _process.Id;

    /// <summary>The output so far, of both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    // The runtime's folder, shared/Microsoft.NETCore.App/10.0.0, is three levels below the root.
    private static string Root => Path.GetFullPath(Path.Combine(RuntimeFolder, "..", "..", ".."));

    private static string RuntimeFolder => System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string workingFolder, params string[] arguments)
    {
        using ChildProcess child = new(workingFolder, arguments);
        return (await child.ExitCode(), child.Output);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitCode()
    {
        await _process.WaitForExitAsync(_cancellationToken).WaitAsync(Patience, _cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits until the output contains a text.</summary>
    public async Task<string> Wrote(string text)
    {
        Stopwatch waiting = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || waiting.Elapsed > Patience)
                throw new InvalidOperationException($"'{text}' was never written, but: {Output}");
            await Task.Delay(50, _cancellationToken);
        }
        return Output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
