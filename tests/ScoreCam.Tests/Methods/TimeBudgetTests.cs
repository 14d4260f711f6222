using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Methods;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Targets;
using Xunit;

namespace ScoreCam.Tests.Methods;

/// <summary>The time budget of one explanation covers all its targets, layers and mirror images.</summary>
public class TimeBudgetTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    public void Contexts_that_use_up_their_shares_end_with_the_budget(int sweeps, int shares)
    {
        TimeSpan now = TimeSpan.FromMinutes(6);
        for (int left = sweeps; left > 0; left--)
            for (int done = 0; done < shares; done++)
            {
                TimeSpan end = TimeShares.End(Hour, now, (left * shares) - done)!.Value;
                (end - now).TotalMinutes.Should().BeApproximately(54.0 / (sweeps * shares), 1e-6);
                now = end;
            }
        now.Should().Be(Hour);
        TimeShares.End(null, now, 1).Should().BeNull();
    }

    [Fact]
    public void A_context_gives_the_end_of_its_share()
    {
        // The stopwatch does not run, so no time has passed.
        var call = new MethodCall(null!, null!, new Stopwatch(), [], null!, []);
        new MethodContext(call, null!, sweepsLeft: 2).EndOfShare(Hour, shares: 3, done: 0).Should().Be(Hour / 6);
        new MethodContext(call, null!, sweepsLeft: 2).EndOfShare(Hour, shares: 3, done: 2).Should().Be(Hour / 4);
        new MethodContext(call, null!, sweepsLeft: 1).EndOfShare(Hour, shares: 3, done: 2).Should().Be(Hour);
        new MethodContext(call, null!, sweepsLeft: 1).EndOfShare(TimeSpan.MaxValue, 1, 0)
            .Should().Be(TimeSpan.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_largest_budget_is_no_limit(string method)
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        Explanation why = Create(method, model, TimeSpan.MaxValue, iterations: 4).Explain(
            Tiny.Picture(), cancellationToken: TestContext.Current.CancellationToken);
        why.Warnings.Should().NotContain(warning => warning.Contains("time budget"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_target_has_a_share_of_the_budget(string method)
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes(), new() { Workers = 1 });
        IReadOnlyList<Explanation> all = Create(method, model, TimeSpan.FromSeconds(1), iterations: 1_000_000)
            .Explain(
                Tiny.Picture(), [Target.Class(0), Target.Class(1), Target.Class(2)],
                cancellationToken: TestContext.Current.CancellationToken);
        all.Should().HaveCount(3).And.OnlyContain(why => why.Losses.Count > 1)
            .And.OnlyContain(why => why.Warnings.Any(warning => warning.Contains("time budget ended")));
    }

    [Fact]
    public void Every_target_has_a_share_of_the_budget_if_the_targets_run_one_after_the_other()
    {
        // Explanations on a thread of the pool run in sequence, whatever the number of workers is.
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes(), new() { Workers = 4 });
        IReadOnlyList<Explanation> all = [];
        var explainer = new MeaningfulPerturbationExplainer(model, new()
        {
            Iterations = 1_000_000,
            CellSize = 2,
            TimeBudget = TimeSpan.FromSeconds(1),
        });
        WorkerPool.Shared.Run(
            1, 1, _ => all = explainer.Explain(Tiny.Picture(), [.. Enumerable.Range(0, 4).Select(Target.Class)]),
            TestContext.Current.CancellationToken);
        all.Should().HaveCount(4).And.OnlyContain(why => why.Losses.Count > 1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_zero_budget_is_refused(string method)
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        FluentActions.Invoking(() => Create(method, model, TimeSpan.Zero, iterations: 1)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*must be positive. Leave it out*00:00:00*");
    }

    public static TheoryData<string> Methods => ["extremal", "meaningful"];

    private static Explainer Create(string method, ImageModel model, TimeSpan budget, int iterations) =>
        method == "extremal"
            ? new ExtremalPerturbationExplainer(model, new()
            {
                Areas = [0.2f],
                Iterations = iterations,
                TimeBudget = budget,
                FlipAveraging = true,
            })
            : new MeaningfulPerturbationExplainer(model, new()
            {
                Iterations = iterations,
                CellSize = 2,
                TimeBudget = budget,
                FlipAveraging = true,
            });
}
