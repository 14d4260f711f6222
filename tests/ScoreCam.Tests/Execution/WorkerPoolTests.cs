using FluentAssertions;
using ScoreCam.Execution;
using Xunit;

namespace ScoreCam.Tests.Execution;

public class WorkerPoolTests
{
    /// <summary>Much longer than any test here takes. A wait of this length is a deadlock.</summary>
    private static readonly TimeSpan Deadlock = TimeSpan.FromMinutes(5);

    private readonly WorkerPool _pool = new(2, TimeSpan.FromMilliseconds(20));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    [InlineData(100, 1)]
    [InlineData(1000, 2)]
    [InlineData(1000, 8)]
    public void Every_item_runs_once(int items, int workers)
    {
        var counts = new int[items];
        _pool.Run(items, workers, item => Interlocked.Increment(ref counts[item]), CancellationToken.None);
        counts.Should().Equal(Enumerable.Repeat(1, items));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 2)]
    public void At_most_the_requested_workers_and_the_existing_threads_run_at_once(int workers, int most)
    {
        int running = 0, peak = 0;
        object gate = new();
        _pool.Run(200, workers, _ =>
        {
            lock (gate)
                peak = Math.Max(peak, ++running);
            Thread.Yield();
            lock (gate)
                running--;
        }, CancellationToken.None);
        peak.Should().BeLessThanOrEqualTo(most);
        _pool.Threads.Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Two_workers_do_run_at_the_same_time()
    {
        using var both = new Barrier(2);
        _pool.Run(2, 2, _ => both.SignalAndWait(Deadlock).Should().BeTrue(), CancellationToken.None);
    }

    [Fact]
    public void A_thread_that_is_woken_for_one_job_does_not_hold_up_the_next()
    {
        for (int round = 0; round < 200; round++)
        {
            // Each job waits for the other, so both must get a thread, either a sleeping or a new one.
            using var both = new Barrier(2);
            int met = 0;
            void Meet(int item)
            {
                if (both.SignalAndWait(Deadlock))
                    Interlocked.Increment(ref met);
            }
            Thread[] callers = [.. Enumerable.Range(0, 2)
                .Select(_ => new Thread(() => _pool.Run(1, 1, Meet, CancellationToken.None)))];
            Array.ForEach(callers, caller => caller.Start());
            Array.ForEach(callers, caller => caller.Join());
            met.Should().Be(2);
        }
    }

    [Fact]
    public void A_short_job_ends_while_a_long_one_runs()
    {
        var pool = new WorkerPool(1, TimeSpan.FromMilliseconds(20));
        using var shortIsDone = new ManualResetEventSlim();
        using var longHasBegun = new ManualResetEventSlim();
        bool submitting = false;
        var caller = new Thread(() =>
        {
            longHasBegun.Wait();
            Volatile.Write(ref submitting, true);
            pool.Run(3, 1, _ => { }, CancellationToken.None);
            shortIsDone.Set();
        });
        caller.Start();
        bool inTime = true;
        pool.Run(100, 1, item =>
        {
            longHasBegun.Set();
            // The short job is in the queue once its caller waits.
            if (item == 0)
                SpinWait.SpinUntil(() =>
                    Volatile.Read(ref submitting) && caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Deadlock);
            else if (item == 10)
                inTime = shortIsDone.Wait(Deadlock);
        }, CancellationToken.None);
        inTime.Should().BeTrue("jobs take turns, so three items are done before ten");
        caller.Join();
    }

    [Fact]
    public async Task A_callback_may_run_a_job_of_its_own_on_any_worker()
    {
        int inner = 0;
        Task run = Task.Run(() =>
            _pool.Run(8, 2, _ => _pool.Run(5, 2, _ =>
            _pool.Run(2, 2, _ => Interlocked.Increment(ref inner), CancellationToken.None), CancellationToken.None),
            CancellationToken.None), TestContext.Current.CancellationToken);
        // A worker that waits for a worker would wait for ever.
        await run.WaitAsync(Deadlock, TestContext.Current.CancellationToken);
        inner.Should().Be(80);
    }

    [Fact]
    public async Task A_callback_without_an_execution_context_may_run_a_job_of_its_own()
    {
        int inner = 0;
        Task run = Task.Run(() =>
        {
            using (ExecutionContext.SuppressFlow())
                _pool.Run(8, 2, _ => _pool.Run(5, 2, _ => Interlocked.Increment(ref inner), CancellationToken.None),
                    CancellationToken.None);
        }, TestContext.Current.CancellationToken);
        await run.WaitAsync(Deadlock, TestContext.Current.CancellationToken);
        inner.Should().Be(40);
    }

    [Fact]
    public async Task A_callback_may_wait_for_a_task_that_runs_a_job_on_every_worker()
    {
        int inner = 0;
        Task run = Task.Run(() => _pool.Run(8, 2, _ =>
            Task.Run(() => _pool.Run(5, 2, _ => Interlocked.Increment(ref inner), CancellationToken.None))
                .Wait(Deadlock), CancellationToken.None), TestContext.Current.CancellationToken);
        // Both workers wait for the tasks. If the tasks waited for a worker, this would be a deadlock.
        await run.WaitAsync(Deadlock, TestContext.Current.CancellationToken);
        inner.Should().Be(40);
    }

    [Fact]
    public async Task A_task_that_outlives_the_job_it_was_started_in_uses_the_workers_again()
    {
        using var jobHasEnded = new ManualResetEventSlim();
        Task<bool>? later = null;
        _pool.Run(1, 1, _ => later = Task.Run(() =>
        {
            jobHasEnded.Wait(Deadlock);
            int caller = Environment.CurrentManagedThreadId, worker = 0;
            _pool.Run(1, 1, _ => worker = Environment.CurrentManagedThreadId, CancellationToken.None);
            return worker != caller;
        }), CancellationToken.None);
        jobHasEnded.Set();
        (await later!.WaitAsync(Deadlock, TestContext.Current.CancellationToken)).Should().BeTrue();
    }

    [Fact]
    public void Idle_threads_end_and_later_jobs_start_new_ones()
    {
        _pool.Run(10, 2, _ => { }, CancellationToken.None);
        SpinWait.SpinUntil(() => _pool.Threads == 0, Deadlock).Should()
            .BeTrue("threads end when nothing is left to do");
        int done = 0;
        _pool.Run(10, 2, _ => Interlocked.Increment(ref done), CancellationToken.None);
        done.Should().Be(10);
    }

    [Fact]
    public async Task A_job_that_arrives_while_a_thread_ends_is_run()
    {
        var pool = new WorkerPool(1, TimeSpan.Zero);
        int done = 0;
        Task run = Task.Run(() =>
        {
            for (int round = 0; round < 5_000; round++)
                pool.Run(1, 1, _ => done++, CancellationToken.None);
        }, TestContext.Current.CancellationToken);
        await run.WaitAsync(Deadlock, TestContext.Current.CancellationToken);
        done.Should().Be(5_000);
    }

    [Fact]
    public void No_item_begins_while_the_callbacks_of_a_cancelled_token_run()
    {
        using var cancel = new CancellationTokenSource();
        using ManualResetEventSlim isCancelled = new(), hasBegun = new();

        Action run = () => _pool.Run(3, 2, item =>
        {
            if (item == 0)
            {
                // The callback that is registered last runs first. It delays the callback of the pool.
                cancel.Token.Register(() =>
                {
                    isCancelled.Set();
                    hasBegun.Wait(TimeSpan.FromMilliseconds(200));
                });
                cancel.Cancel();
            }
            else if (item == 1)
                isCancelled.Wait(Deadlock);
            else
                hasBegun.Set();
        }, cancel.Token);

        run.Should().Throw<OperationCanceledException>();
        hasBegun.IsSet.Should().BeFalse();
    }

    [Fact]
    public void Items_run_in_the_callers_execution_context()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        var seen = new string?[20];
        _pool.Run(20, 2, item =>
        {
            seen[item] = local.Value;
            local.Value = "item";
        }, CancellationToken.None);
        seen.Should().OnlyContain(value => value == "caller");
        local.Value.Should().Be("caller");
    }
}
