using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Load;

/// <summary>
/// The short form of the load trial. Many callers run calls of every kind. The calls choose the moments of cancellation
/// and disposal, so nothing depends on time.
/// </summary>
public class LoadTests
{
    private static readonly TimeSpan Deadlock = TimeSpan.FromMinutes(2);

    [Fact]
    public void Concurrent_calls_give_the_same_bits_as_single_calls_even_if_others_are_cancelled()
    {
        const int Callers = 48, Calls = 20;
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Mixture mixture = Expected(model);
        int equal = 0, different = 0, cancelled = 0;
        List<Exception> failures = [];
        Run(Callers, caller =>
        {
            var random = new Random(caller);
            for (int i = 0; i < Calls; i++)
            {
                int index = random.Next(mixture.Count);
                using var cancel = new CancellationTokenSource();
                // About every third call cancels itself at a pass that it may not reach.
                int stopAt = random.Next(3) == 0 ? 1 + random.Next(12) : int.MaxValue;
                var progress = new Reports(report =>
                {
                    if (report.Done >= stopAt)
                        cancel.Cancel();
                });
                try
                {
                    bool same = mixture[index].Run(progress, cancel.Token) == mixture.Expected(index);
                    Interlocked.Increment(ref same ? ref equal : ref different);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
                catch (Exception exception)
                {
                    lock (failures)
                        failures.Add(exception);
                }
            }
        });
        failures.Should().BeEmpty();
        different.Should().Be(0);
        (equal + cancelled).Should().Be(Callers * Calls);
        cancelled.Should().BeGreaterThan(Callers, "many calls must be cancelled");
        equal.Should().BeGreaterThan(Callers * Calls / 2);
    }

    [Fact]
    public void Disposing_a_model_lets_running_calls_end_and_refuses_new_ones()
    {
        const int Callers = 16;
        using ImageModel reference = ImageModel.Load(Networks.Logits());
        Mixture expected = Expected(reference);
        for (int round = 0; round < 12; round++)
        {
            ImageModel model = ImageModel.Load(Networks.Logits());
            Mixture mixture = Mix(model);
            int different = 0, refused = 0, completed = 0;
            List<Exception> failures = [];
            // The model is disposed after this number of calls has ended, while others run.
            using var due = new CountdownEvent(1 + (3 * round));
            var disposer = new Thread(() =>
            {
                due.Wait(Deadlock);
                model.Dispose();
            });
            disposer.Start();
            Run(Callers, caller =>
            {
                var random = new Random((100 * round) + caller);
                try
                {
                    while (true)
                    {
                        int index = random.Next(mixture.Count);
                        if (mixture[index].Run(null, CancellationToken.None) != expected.Expected(index))
                            Interlocked.Increment(ref different);
                        Interlocked.Increment(ref completed);
                        lock (due)
                            if (!due.IsSet)
                                due.Signal();
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
                catch (Exception exception)
                {
                    lock (failures)
                        failures.Add(exception);
                }
            });
            disposer.Join(Deadlock).Should().BeTrue();
            failures.Should().BeEmpty();
            (different, refused).Should().Be((0, Callers));
            completed.Should().BeGreaterThanOrEqualTo(1 + (3 * round));
        }
    }

    private static Mixture Expected(ImageModel model)
    {
        Mixture mixture = Mix(model);
        using ImageModel alone = ImageModel.Load(Networks.Logits(), new() { Workers = 1, BatchSize = 1 });
        mixture.Expect(alone);
        return mixture;
    }

    /// <summary>A mixture with more layers than the number of sessions that a model keeps.</summary>
    private static Mixture Mix(ImageModel model) =>
        new(model, [Networks.Picture(), Networks.Picture(8)], ["conv1", "relu1", "pool", "conv2"]);

    private static void Run(int callers, Action<int> body)
    {
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(i => new Thread(() => body(i)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join(Deadlock).Should().BeTrue("every thread ends"));
    }
}
