using FluentAssertions;
using ScoreCam.Execution;
using Xunit;

namespace ScoreCam.Tests.Execution;

/// <summary>Jobs that end before their last item, by an exception or by cancellation.</summary>
public class WorkerPoolStopTests
{
    /// <summary>Much longer than any test here takes. A wait of this length is a deadlock.</summary>
    private static readonly TimeSpan Deadlock = TimeSpan.FromSeconds(60);

    /// <summary>So many that the other worker cannot finish them while one worker stops the job.</summary>
    private const int Items = 100_000_000;

    private readonly WorkerPool _pool = new(2, TimeSpan.FromMilliseconds(20));

    [Fact]
    public void The_first_exception_stops_the_other_items_and_reaches_the_caller_unchanged()
    {
        int started = 0;
        Action run = () => _pool.Run(Items, 2, item =>
        {
            Interlocked.Increment(ref started);
            if (item == 3)
                Fail();
        }, CancellationToken.None);
        run.Should().Throw<FormatException>().WithMessage("item 3").Which.StackTrace.Should()
            .Contain(nameof(Fail), "the stack of the worker is kept");
        started.Should().BeLessThan(Items);
        int after = 0;
        _pool.Run(50, 2, _ => Interlocked.Increment(ref after), CancellationToken.None);
        after.Should().Be(50, "the pool continues to work");

        static void Fail() => throw new FormatException("item 3");
    }

    [Fact]
    public void A_stopped_job_is_not_continued_later()
    {
        // One thread runs all jobs in turn, so remaining items of the first job would run before the second job.
        var pool = new WorkerPool(1, TimeSpan.FromSeconds(10));
        List<int> seen = [];
        ((Action)(() => pool.Run(5, 1, item =>
        {
            seen.Add(item);
            throw new FormatException();
        }, CancellationToken.None))).Should().Throw<FormatException>();
        pool.Run(1, 1, _ => { }, CancellationToken.None);
        seen.Should().Equal(0);
    }

    [Fact]
    public void The_first_of_several_exceptions_reaches_the_caller()
    {
        using var both = new Barrier(2);
        Action run = () => _pool.Run(2, 2, item =>
        {
            both.SignalAndWait(Deadlock);
            if (item == 0)
                throw new FormatException("first");
            WaitForTheOtherWorker();
            throw new InvalidOperationException("second");
        }, CancellationToken.None);
        run.Should().Throw<FormatException>().WithMessage("first");
    }

    [Fact]
    public void Cancelling_stops_a_job_between_its_items()
    {
        using var cancel = new CancellationTokenSource();
        int started = 0;
        Action run = () => _pool.Run(Items, 2, _ =>
        {
            if (Interlocked.Increment(ref started) == 5)
                cancel.Cancel();
        }, cancel.Token);
        run.Should().Throw<OperationCanceledException>().Which.CancellationToken.Should().Be(cancel.Token);
        started.Should().BeLessThan(Items);

        run = () => _pool.Run(1, 1, _ => started = -1, cancel.Token);
        run.Should().Throw<OperationCanceledException>();
        started.Should().NotBe(-1, "a job that is cancelled before it begins runs no item");
    }

    [Fact]
    public void Cancelling_stops_a_job_of_a_callback_between_its_items()
    {
        using var cancel = new CancellationTokenSource();
        int started = 0;
        Action nested = () => _pool.Run(1, 1, _ => _pool.Run(10, 1, _ =>
        {
            started++;
            cancel.Cancel();
        }, cancel.Token), CancellationToken.None);
        nested.Should().Throw<OperationCanceledException>();
        started.Should().Be(1);
    }

    [Fact]
    public void An_exception_of_a_cancelled_item_is_a_cancellation_in_nested_jobs_too()
    {
        using var cancel = new CancellationTokenSource();
        Action<int> terminated = _ =>
        {
            cancel.Cancel();
            throw new FormatException("terminated");
        };
        Action outer = () => _pool.Run(1, 1, terminated, cancel.Token);
        outer.Should().Throw<OperationCanceledException>();

        using var again = new CancellationTokenSource();
        Action nested = () => _pool.Run(1, 1, _ => _pool.Run(1, 1, _ =>
        {
            again.Cancel();
            throw new FormatException("terminated");
        }, again.Token), CancellationToken.None);
        nested.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_cancellation_that_an_item_notices_before_the_pool_is_reported_as_a_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        using var both = new Barrier(2);
        using var heard = new ManualResetEventSlim();
        Action run = () => _pool.Run(2, 2, item =>
        {
            both.SignalAndWait(Deadlock);
            if (item == 1)
            {
                heard.Wait(Deadlock);
                throw new FormatException("terminated");
            }
            // The callback that is registered last runs first.
            using CancellationTokenRegistration first = cancel.Token.Register(() =>
            {
                heard.Set();
                WaitForTheOtherWorker();
            });
            cancel.Cancel();
        }, cancel.Token);
        run.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public async Task Cancelling_one_job_leaves_the_others_alone()
    {
        using var cancel = new CancellationTokenSource();
        int other = 0;
        Task cancelled = Task.Run(() =>
            _pool.Run(1_000_000, 2, _ => cancel.Token.ThrowIfCancellationRequested(), cancel.Token),
            TestContext.Current.CancellationToken);
        _pool.Run(500, 2, item =>
        {
            Interlocked.Increment(ref other);
            if (item == 100)
                cancel.Cancel();
        }, CancellationToken.None);
        other.Should().Be(500);
        await ((Func<Task>)(() => cancelled)).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>Waits in an item until the pool's other worker has ended its item and run another job.</summary>
    private void WaitForTheOtherWorker()
    {
        var other = new Thread(() => _pool.Run(1, 1, _ => { }, CancellationToken.None));
        other.UnsafeStart();
        other.Join(Deadlock).Should().BeTrue();
    }
}
