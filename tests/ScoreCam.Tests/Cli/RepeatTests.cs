using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class RepeatTests
{
    [Fact]
    public async Task Two_processes_write_the_same_bytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs the command as on Unix.");
        using TemporaryFolder folder = new();
        foreach ((string name, string workers, string batch) in new[] { ("a", "1", "1"), ("b", "3", "4") })
        {
            using CommandProcess process = CommandProcess.Start(
                "explain", "--top", "2", "--workers", workers, "--batch", batch, "--out", folder.File(name) + "/",
                "--map", folder.File(name + ".npy"));
            CommandRun run = await process.End();
            run.ExitCode.Should().Be(0, run.Error);
        }
        File.ReadAllBytes(folder.File("a.npy")).Should().Equal(File.ReadAllBytes(folder.File("b.npy")));
        string[] overlays = [.. Directory.EnumerateFiles(folder.File("a")).Select(file => Path.GetFileName(file))];
        overlays.Should().HaveCount(2);
        foreach (string overlay in overlays)
            File.ReadAllBytes(Path.Combine(folder.File("a"), overlay)).Should()
                .Equal(File.ReadAllBytes(Path.Combine(folder.File("b"), overlay)));
    }
}
