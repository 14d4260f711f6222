using FluentAssertions;
using ScoreCam.Cli;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class ProgressLinesTests
{
    [Fact]
    public void A_line_comes_every_half_minute_with_what_is_done_and_the_time_left()
    {
        Clock clock = new();
        using StringWriter log = new() { NewLine = "\n" };
        ProgressLines lines = new(log, runs: 4, clock);
        IProgress<ExplainProgress> first = lines.NextRun("a.jpg score-cam");
        clock.Seconds = 4;
        first.Report(new(1, 2));
        log.ToString().Should().BeEmpty("the first line comes after 5 seconds");
        clock.Seconds = 10;
        first.Report(new(2, 4));
        log.ToString().Should().Be("scorecam: 0 of 4 done (13 %), about 70 s left; now a.jpg score-cam\n", "half of one of four took 10 seconds");
        clock.Seconds = 39;
        lines.NextRun("b.jpg score-cam");
        log.ToString().Should().EndWith("a.jpg score-cam\n", "30 seconds lie between two lines");
        clock.Seconds = 1200;
        lines.NextRun("c.jpg score-cam").Report(new(0, 10));
        log.ToString().Should().EndWith("scorecam: 2 of 4 done (50 %), about 20 min left; now c.jpg score-cam\n");
        clock.Seconds = 6 * 3600;
        first.Report(new(1, 1));
        log.ToString().Should().EndWith("scorecam: 2 of 4 done (50 %), about 6.0 h left; now c.jpg score-cam\n", "a late report of an early run takes nothing back");
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(1000 * Seconds);
    }
}
