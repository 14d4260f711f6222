using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// The command in a folder without the native library of ONNX Runtime, or with another file in place of the library.
/// </summary>
public sealed class MissingNativeLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_library_is_reported_with_the_package_to_install() => await ShouldNameThePackage();

    [Fact]
    public async Task A_file_that_is_not_a_library_is_reported_like_a_missing_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names of libraries as on Linux.");
        _folder.File("libonnxruntime.so", "nothing of the kind");
        await ShouldNameThePackage();
    }

    [Theory]
    [InlineData("int nothing;")]
    // Like an older library, it has no API of the requested version.
    [InlineData("""
        static const void* api(unsigned version) { return 0; }
        static const char* name(void) { return "1.2.3"; }
        static const struct { const void* (*api)(unsigned); const char* (*name)(void); } base = { api, name };
        const void* OrtGetApiBase(void) { return &base; }
        """)]
    public async Task A_library_of_another_kind_or_version_is_reported_like_a_missing_library(string source)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/gcc"),
            "Needs gcc to make such a library.");
        (int exitCode, string error) =
            await Run("/usr/bin/gcc", "-shared", "-fPIC", "-o", _folder.File("libonnxruntime.so"),
            _folder.File("library.c", source));
        exitCode.Should().Be(0, error);
        await ShouldNameThePackage();
    }

    private async Task ShouldNameThePackage()
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Append(Path.Combine(AppContext.BaseDirectory, "ScoreCam.Cli.runtimeconfig.json")))
            if (!Path.GetFileName(file).StartsWith("onnxruntime", StringComparison.OrdinalIgnoreCase))
                File.Copy(file, _folder.File(Path.GetFileName(file)));
        File.WriteAllBytes(_folder.File("model.onnx"), Networks.Logits());

        // The host that runs this test, which need not be in PATH.
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string host = Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        if (!File.Exists(host))
            Assert.Skip($"There is no {host}: the tests run without a shared runtime.");
        (int exitCode, string error) =
            await Run(host, _folder.File("ScoreCam.Cli.dll"), "inspect", "--model", _folder.File("model.onnx"));

        exitCode.Should().Be(1);
        error.Should().Contain("native library of ONNX Runtime").And.Contain(
            "missing, or of another version").And.Contain(
            "Microsoft.ML.OnnxRuntime (or .Gpu, .DirectML)").And.MatchRegex(@"Managed, \d+\.\d+\.\d+\.");
        error.Should().NotContain("   at ", "an installation error needs no stack trace");
    }

    private static async Task<(int ExitCode, string Error)> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
