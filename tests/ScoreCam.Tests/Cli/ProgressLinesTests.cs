using FluentAssertions;
using ScoreCam.Cli;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class ProgressLinesTests
{
    [Fact]
    public void Progress_and_remaining_time_are_written_after_one_second_and_every_30_seconds()
    {
        Clock clock = new();
        using StringWriter log = new() { NewLine = "\n" };
        using ProgressLines lines = new(log, runs: 4, clock);
        clock.GoTo(0.7);
        log.ToString().Should().BeEmpty("a short run writes no progress");
        clock.GoTo(1);
        log.ToString().Should().Be("scorecam: loading the model\n");

        IProgress<ExplainProgress> first = lines.NextRun("a.jpg score-cam");
        first.Report(new(2, 4));
        clock.GoTo(30);
        log.ToString().Should().EndWith("loading the model\n", "two lines are 30 seconds apart");
        clock.GoTo(31);
        log.ToString().Should().EndWith(
            "scorecam: 0 of 4 done (13 %), about 4 min left; now a.jpg score-cam\n",
            "an eighth of the work took 31 seconds");

        lines.NextRun("b.jpg score-cam");
        lines.NextRun("c.jpg score-cam").Report(new(0, 10));
        clock.GoTo(1201);
        log.ToString().Should().EndWith("scorecam: 2 of 4 done (50 %), about 21 min left; now c.jpg score-cam\n");
        first.Report(new(1, 1));
        clock.GoTo(6 * 3600);
        log.ToString().Should().EndWith(
            "scorecam: 2 of 4 done (50 %), about 6.0 h left; now c.jpg score-cam\n",
            "a late report of an earlier run does not reduce the progress");
    }

    [Fact]
    public void No_line_is_written_after_the_end()
    {
        Clock clock = new();
        using StringWriter log = new();
        new ProgressLines(log, runs: 1, clock).Dispose();
        clock.GoTo(100);
        log.ToString().Should().BeEmpty();
    }

    /// <summary>A clock that is set by hand, with one timer.</summary>
    private sealed class Clock : TimeProvider
    {
        private double _seconds;
        private Timer? _timer;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(1000 * _seconds);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _timer = new() { Tick = () => callback(state), Next = dueTime.TotalSeconds, Period = period.TotalSeconds };

        public void GoTo(double seconds)
        {
            while (_timer!.Next <= seconds)
            {
                _seconds = _timer.Next;
                _timer.Next += _timer.Period;
                _timer.Tick();
            }
            _seconds = seconds;
        }

        private sealed class Timer : ITimer
        {
            public required Action Tick { get; init; }

            public required double Next { get; set; }

            public required double Period { get; init; }

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => Next = double.PositiveInfinity;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
