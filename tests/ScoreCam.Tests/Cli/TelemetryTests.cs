using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>ONNX Runtime writes its device identifier to the home folder before it sends data.</summary>
public class TelemetryTests
{
    [Fact]
    public async Task The_command_leaves_nothing_in_the_home_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ONNX Runtime writes no file on Windows.");
        using TemporaryFolder home = new();
        using TemporaryFolder output = new();
        using CommandProcess process =
            CommandProcess.StartAtHome(home.Path, "explain", "--out", output.File("why.png"));
        CommandRun run = await process.End();
        run.ExitCode.Should().Be(0, run.Error);
        home.Names().Should().BeEmpty();
    }
}
