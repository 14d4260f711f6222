using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>Progress, cancellation, and callbacks that throw.</summary>
public class ExplainerCallbackTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1, 10)]
    [InlineData(3, 1, 4)]
    [InlineData(1, 4, 10)]
    // Three batches would be enough, but one of the two workers would have no second batch.
    [InlineData(4, 2, 4)]
    public void Progress_counts_every_pass_once_and_reaches_the_total(int batchSize, int workers, int batches)
    {
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { BatchSize = batchSize, Workers = workers });
        var reports = new Reports();
        new ScoreCamExplainer(model).Explain(Networks.Picture(), Target.Predicted, reports, Cancel);

        reports.All.Should().OnlyContain(r => r.Total == 10 && r.Done >= 1 && r.Done <= 10).And.HaveCount(batches);
        reports.All.Select(r => r.Done).Should().OnlyHaveUniqueItems().And.Contain(10);
        if (workers == 1)
            reports.All.Select(r => r.Done).Should().BeInAscendingOrder();
    }

    [Fact]
    public void Progress_of_several_layers_ends_at_the_sum_of_their_passes()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { Workers = 1 });
        var reports = new Reports();
        var why = new ScoreCamExplainer(model, new() { Layers = ["relu1", Networks.Layer] })
            .Explain(Networks.Picture(), Target.Predicted, reports, Cancel);

        reports.All[^1].Should().Be(new ExplainProgress(why.Passes, why.Passes));
        reports.All.Select(r => r.Done).Should().BeInAscendingOrder();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void Cancelling_stops_an_explanation_and_the_model_still_works(int batchSize, int workers)
    {
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { BatchSize = batchSize, Workers = workers });
        Explanation before = model.Explain(Networks.Picture());
        using var cancel = new CancellationTokenSource();
        var reports = new Reports(_ => cancel.Cancel());

        Action explain = () => new ScoreCamExplainer(model)
            .Explain(Networks.Picture(), Target.Predicted, reports, cancel.Token);
        explain.Should().Throw<OperationCanceledException>().Which.CancellationToken.Should().Be(cancel.Token);
        reports.All.Count.Should().BeLessThanOrEqualTo(workers, "running passes may end, but no new pass begins");

        Explanation after = model.Explain(Networks.Picture());
        after.Map.Values.SequenceEqual(before.Map.Values).Should().BeTrue("all bits are equal");
        after.Layers[0].ChannelScores.Should().Equal(before.Layers[0].ChannelScores);
    }

    [Fact]
    public async Task A_token_that_is_already_cancelled_starts_nothing()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        var explainer = new ScoreCamExplainer(model);
        var cancelled = new CancellationToken(canceled: true);
        var reports = new Reports();

        ((Action)(() => explainer.Explain(Networks.Picture(), Target.Predicted, reports, cancelled))).Should()
            .Throw<OperationCanceledException>();
        await ((Func<Task>)(() =>
            explainer.ExplainAsync(new RgbImage(2, 2, new byte[12]), Target.Predicted, reports, cancelled))).Should()
            .ThrowAsync<OperationCanceledException>();
        reports.All.Should().BeEmpty();
    }

    [Fact]
    public void Cancelling_stops_the_steps_after_the_passes()
    {
        // Sums at the resolution of the input, and an eigenvector, can take longer than a pass.
        var cancelled = new CancellationToken(canceled: true);
        var maps = new ActivationMaps("layer", [1, 2, 3, 5], 2, 1, 2);
        foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
            ((Action)(() => new Saliency(maps, PresetRules.Of(preset).Sum, 1, 4).Sum([1, 1], cancelled))).Should()
                .Throw<OperationCanceledException>();
        ((Action)(() => new RiseMasks(new() { Masks = 2 }, 8, 8).Sum([[1, 1]], cancelled))).Should()
            .Throw<OperationCanceledException>();
        ((Action)(() => PrincipalMap.Of(maps, cancelled))).Should().Throw<OperationCanceledException>();
        ((Action)(() => FirstEigenvector.Of(new double[,] { { 1, 0 }, { 0, 2 } }, cancelled))).Should()
            .Throw<OperationCanceledException>();
    }

    [Fact]
    public async Task Cancelling_stops_a_pass_that_ONNX_Runtime_has_started()
    {
        // One pass of this network takes seconds; the token is cancelled from outside while it runs.
        TinyModel slow = new TinyModel().Input("image", 1, 3, 128, 128).Conv("c0", 64);
        for (int i = 1; i < 60; i++)
            slow.Conv($"c{i}", 64).Relu($"r{i}");
        using ImageModel model =
            ImageModel.Load(slow.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3).Output().ToBytes());
        using var cancel = new CancellationTokenSource();
        bool scored = false;
        var target = Target.Function("never asked", scores =>
        {
            scored = true;
            return scores[0];
        });
        Task run = Task.Run(() =>
            new ScoreCamExplainer(model)
            .Explain(Networks.Picture(1, 3, 128, 128), target, cancellationToken: cancel.Token), Cancel);
        cancel.CancelAfter(1);

        await ((Func<Task>)(() => run)).Should().ThrowAsync<OperationCanceledException>();
        scored.Should().BeFalse();
    }

    [Fact]
    public void Cancelling_terminates_every_kind_of_run_of_ONNX_Runtime()
    {
        using var cancel = new CancellationTokenSource();
        using (var run = new RunContext(null, cancel.Token))
        {
            run.Options.Terminate.Should().BeFalse();
            cancel.Cancel();
            run.Options.Terminate.Should().BeTrue();
        }

        // Without a token only ONNX Runtime can stop these runs.
        using ImageModel model = ImageModel.Load(Networks.Logits());
        NetworkInput picture = model.ToNetworkInput(Networks.Picture());
        using RunContext free = new(null, CancellationToken.None), terminated = new(null, CancellationToken.None);
        terminated.Options.Terminate = true;
        ScoreHead head = model.Network.Head;
        var scorer = new TargetScorer(model.Network.Pool, Networks.Height, Networks.Width, head, [Target.Class(0)],
            probabilities: false);
        foreach (Action<RunContext> pass in new Action<RunContext>[]
        {
            run => model.Network.Score(picture, run),
            run => model.Network.Forward(picture, Networks.Layer, run),
            run => model.Network.Forward(picture, "relu1", run),
            run => scorer.Score(3, (_, values, _) => picture.Write(values), run),
        })
        {
            pass(free);
            ((Action)(() => pass(terminated))).Should().Throw<ScoreCamException>()
                .WithMessage("ONNX Runtime failed*terminate*");
        }
    }

    [Fact]
    public void An_exception_of_a_target_reaches_the_caller_and_the_model_still_works()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Explanation before = model.Explain(Networks.Picture());
        int asked = 0;
        var target = Target.Function("throws", _ =>
            Interlocked.Increment(ref asked) > 1 ? throw new FormatException("from the target") : 0);

        ((Action)(() => model.Explain(Networks.Picture(), target))).Should().Throw<FormatException>()
            .WithMessage("from the target");
        int atTheEnd = asked;
        asked.Should().BeLessThan(10, "the other passes stop");
        model.Explain(Networks.Picture()).Map.Values.SequenceEqual(before.Map.Values).Should().BeTrue();
        asked.Should().Be(atTheEnd, "no worker continues a call that has ended");
    }

    [Fact]
    public void An_exception_of_the_progress_reaches_the_caller_and_the_model_still_works()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Explanation before = model.Explain(Networks.Picture());
        var reports = new Reports(_ => throw new FormatException("from progress"));

        ((Action)(() => new ScoreCamExplainer(model).Explain(Networks.Picture(), Target.Predicted, reports, Cancel)))
            .Should().Throw<FormatException>().WithMessage("from progress");
        reports.All.Count.Should().BeLessThan(10);
        model.Explain(Networks.Picture()).Map.Values.SequenceEqual(before.Map.Values).Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_number_of_concurrent_passes_is_the_number_of_workers(int workers)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "One core has one worker.");
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { Workers = workers });
        using var all = new Barrier(workers);
        int asked = 0, running = 0, most = 0;
        object gate = new();
        var target = Target.Function("counts", scores =>
        {
            // The first call is for the unmasked picture.
            if (Interlocked.Increment(ref asked) == 1)
                return scores[2];
            lock (gate)
                most = Math.Max(most, ++running);
            bool together = all.SignalAndWait(TimeSpan.FromSeconds(60), Cancel);
            Thread.Sleep(1);
            lock (gate)
                running--;
            return together ? scores[2] : float.NaN;
        });
        model.Explain(Networks.Picture(), target);
        (asked, most).Should().Be((11, workers));
    }

    [Fact]
    public async Task A_target_can_wait_for_an_explanation_in_the_background()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Explanation expected = model.Explain(Networks.Picture());
        var inner = new ScoreCamExplainer(model);
        Target target = Target.Function("waits", scores =>
            scores[2] + (0 * Task.Run(() =>
            inner.Explain(Networks.Picture(), Target.Class(2), cancellationToken: Cancel)).Result.Logit!.Value));
        // There are as many calls as workers, and each pass of each call waits.
        Task<Explanation>[] calls =
            [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => model.Explain(Networks.Picture(), target)))];
        foreach (Explanation why in await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(60), Cancel))
            why.Map.DifferenceTo(expected.Map).Should().Be(0);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_target_with_a_non_finite_value_is_reported(float value)
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        var target = Target.Function("my target", _ => value);
        foreach (Explainer explainer in new Explainer[] { new ScoreCamExplainer(model),
            new RiseExplainer(model, new() { Masks = 3 }) })
            ((Action)(() => explainer.Explain(Networks.Picture(), target))).Should().Throw<ScoreCamException>()
                .WithMessage($"*'my target'*{value}*finite*");
    }

    [Fact]
    public async Task Concurrent_callers_get_the_same_map_as_a_single_caller()
    {
        using ImageModel one = ImageModel.Load(Networks.Logits());
        using ImageModel two = ImageModel.Load(Networks.Logits(4, seed: 2));
        ImageModel[] models = [one, two];
        SaliencyMap[] alone = [.. models.Select(m => m.Explain(Networks.Picture()).Map)];

        float[] differences = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() =>
            models[i % 2].Explain(Networks.Picture()).Map.DifferenceTo(alone[i % 2]), Cancel)));
        differences.Should().OnlyContain(d => d == 0, "all bits are equal");
    }
}
