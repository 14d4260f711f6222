using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>The command, in a folder that has everything but the native library of ONNX Runtime.</summary>
public class MissingNativeLibraryTests
{
    [Fact]
    public async Task The_way_out_is_said()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Append(Path.Combine(AppContext.BaseDirectory, "ScoreCam.Cli.runtimeconfig.json")))
            if (!Path.GetFileName(file).StartsWith("onnxruntime", StringComparison.OrdinalIgnoreCase))
                File.Copy(file, folder.File(Path.GetFileName(file)));
        File.WriteAllBytes(folder.File("model.onnx"), Networks.Logits());

        // The host that runs this test, whatever PATH says.
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string host = Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        if (!File.Exists(host))
            Assert.Skip($"There is no {host}: the tests run without a shared runtime.");
        var start = new ProcessStartInfo(host, [folder.File("ScoreCam.Cli.dll"), "inspect", "--model", folder.File("model.onnx")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.Should().NotBe(0, await output);
        error.Should().Contain("native library of ONNX Runtime").And.Contain("Microsoft.ML.OnnxRuntime (or .Gpu, .DirectML)");
        error.Should().NotContain("   at ", "a mistake of the installation needs no stack trace");
    }
}
