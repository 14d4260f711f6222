using FluentAssertions;
using ScoreCam.Cli;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class ErrorReportTests
{
    public static TheoryData<Exception, int> Failures => new()
    {
        { new UserException("m"), 2 },
        { new ArgumentException("m", "name"), 2 },
        { new ArgumentOutOfRangeException("name", 5, "m"), 2 },
        { new FileNotFoundException("m"), 2 },
        { new DirectoryNotFoundException("m"), 2 },
        { new UnauthorizedAccessException("m"), 2 },
        { new IOException("m"), 2 },
        { new InvalidDataException("m"), 2 },
        { new UnsupportedModelException("m"), 2 },
        { new ScoreCamException("m", new InvalidOperationException("inner")), 1 },
        { new InvalidOperationException("m"), 1 },
        { new OutOfMemoryException("m"), 1 },
        { new OperationCanceledException("m"), 1 }, // not interrupted by the user
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Mistakes_and_failures_give_different_exit_codes_and_one_line(Exception failure, int exitCode)
    {
        using StringWriter error = new();
        ErrorReport.Write(failure, error, verbose: false, CancellationToken.None).Should().Be(exitCode);
        error.ToString().Should().Be("scorecam: m" + Environment.NewLine);
    }

    [Fact]
    public void An_interruption_gives_exit_code_130()
    {
        using StringWriter error = new();
        ErrorReport.Write(new OperationCanceledException(), error, verbose: true,
            new CancellationToken(canceled: true)).Should().Be(130);
        error.ToString().Should().Be("scorecam: interrupted" + Environment.NewLine);
    }

    [Fact]
    public void Library_options_in_messages_become_command_options() =>
        ErrorReport.InCommand("Set ModelOptions.ScoreKind to Sigmoid, or give ModelOptions.Output.")
            .Should().Be("Set --scores to sigmoid, or give --output.");

    [Fact]
    public void A_message_of_several_lines_becomes_one_line() =>
        ErrorReport.OneLine(new InvalidOperationException("first:\r\n\t'a'\n  'b'\n")).Should().Be("first: 'a' 'b'");
}
