using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>Runs the command on a network that gives one number, such as a regression.</summary>
public class ValueNetworkTests
{
    [Fact]
    public async Task A_value_is_shown_as_a_value_without_a_probability()
    {
        string network = Path.Combine(SharedData.Repository, "tests", "golden", "field", "regress.onnx");
        using TemporaryFolder output = new();
        string picture = CommandRun.Tensor(output, "picture.npy", 1, 3, 64, 64);
        CommandRun run = await CommandRun.Of(
            "explain", "--model", network, "--tensor", picture, "--map", output.File("o.npy"),
            "--out", output.File("o.png"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().MatchRegex(@"class +value -?\d+\.\d\d\r?\n").And.NotContain("probability ,");
    }
}
