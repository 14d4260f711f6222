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
        { new OperationCanceledException("m"), 1 }, // nobody interrupted
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Tells_mistakes_from_failures_in_one_line(Exception failure, int exitCode)
    {
        using StringWriter error = new();
        ErrorReport.Write(failure, error, verbose: false, CancellationToken.None).Should().Be(exitCode);
        error.ToString().Should().Be("scorecam: m" + Environment.NewLine);
    }

    [Fact]
    public void An_interruption_is_130()
    {
        using StringWriter error = new();
        ErrorReport.Write(new OperationCanceledException(), error, verbose: true,
            new CancellationToken(canceled: true)).Should().Be(130);
        error.ToString().Should().Be("scorecam: interrupted" + Environment.NewLine);
    }

    [Fact]
    public void Options_of_the_library_become_those_of_the_command() =>
        ErrorReport.InCommand("Set ModelOptions.ScoreKind to Sigmoid, or give ModelOptions.Output.")
            .Should().Be("Set --scores to sigmoid, or give --output.");

    [Fact]
    public void Lines_of_a_message_become_one() =>
        ErrorReport.OneLine(new InvalidOperationException("first:\r\n\t'a'\n  'b'\n")).Should().Be("first: 'a' 'b'");
}
