using System.Runtime.CompilerServices;
using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Execution;

/// <summary>Disposing a model while it is in use, through the model itself.</summary>
public class ModelLifetimeTests
{
    private static readonly TimeSpan Deadlock = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_disposed_model_throws_ObjectDisposedException()
    {
        ImageModel model = ImageModel.Load(Networks.Logits());
        var explainer = new ScoreCamExplainer(model);
        model.Dispose();
        model.Dispose();

        ((Action)(() => explainer.Explain(Networks.Picture(), Target.Predicted))).Should()
            .Throw<ObjectDisposedException>().WithMessage("*ImageModel*");
        ((Action)(() => model.Predict(Networks.Picture()))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => _ = model.Layers)).Should().Throw<ObjectDisposedException>();
        model.Input.Name.Should().Be("image", "facts remain available");
    }

    [Fact]
    public async Task Disposing_waits_for_running_calls()
    {
        ImageModel model = ImageModel.Load(Networks.Logits(), new() { Workers = 1 });
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var target = Target.Function("waits", scores =>
        {
            inside.Set();
            goOn.Wait(Deadlock);
            // A nested call of the same model belongs to the running call.
            return scores[0] + (0 * model.Predict(Networks.Picture()).Logits[0]);
        });
        Task<Explanation> running =
            Task.Run(() => new ScoreCamExplainer(model).Explain(Networks.Picture(), target),
            TestContext.Current.CancellationToken);
        inside.Wait(Deadlock, TestContext.Current.CancellationToken).Should().BeTrue();

        var dispose = new Thread(model.Dispose);
        dispose.Start();
        SpinWait.SpinUntil(() => dispose.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Deadlock).Should()
            .BeTrue("it waits");
        // New calls are refused from now on, and the running call ends normally.
        SpinWait.SpinUntil(() => Refuses(model), Deadlock).Should().BeTrue();
        running.IsCompleted.Should().BeFalse();
        goOn.Set();
        dispose.Join(Deadlock).Should().BeTrue();
        (await running.WaitAsync(Deadlock, TestContext.Current.CancellationToken)).Map.Values.ToArray().Should()
            .Contain(1f);
    }

    [Fact]
    public void Disposing_from_a_callback_is_refused_and_does_no_harm()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Exception? fromTarget = null, fromProgress = null, fromTask = null;
        var target = Target.Function("disposes", scores =>
        {
            fromTarget = Record.Exception(model.Dispose);
            return scores[2];
        });
        var progress = new Reports(_ =>
        {
            fromProgress = Record.Exception(model.Dispose);
            fromTask = Record.Exception(() =>
                Task.Run(model.Dispose, TestContext.Current.CancellationToken)
                .Wait(Deadlock, TestContext.Current.CancellationToken));
        });
        Explanation why = new ScoreCamExplainer(model)
            .Explain(Networks.Picture(), target, progress, TestContext.Current.CancellationToken);

        fromTarget.Should().BeOfType<InvalidOperationException>().Which.Message.Should()
            .Contain("callback").And.Contain("'model'");
        fromProgress.Should().BeOfType<InvalidOperationException>();
        fromTask.Should().BeOfType<AggregateException>().Which.InnerException.Should()
            .BeOfType<InvalidOperationException>("a task that the callback waits for would wait for the call");
        why.Map.DifferenceTo(model.Explain(Networks.Picture()).Map).Should().Be(0);
    }

    [Fact]
    public void Disposing_from_a_nested_callback_is_refused()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits()), other = ImageModel.Load(Networks.Logits(seed: 2));
        Exception? disposing = null;
        var inner = Target.Function("disposes the outer one", scores =>
        {
            disposing = Record.Exception(model.Dispose);
            return scores[2];
        });
        var outer = Target.Function("uses another", scores =>
            scores[2] + (0 * other.Explain(Networks.Picture(), inner).RawMap.Values[0]));
        model.Explain(Networks.Picture(), outer).Map.DifferenceTo(model.Explain(Networks.Picture()).Map).Should().Be(0);
        disposing.Should().BeOfType<InvalidOperationException>();
    }

    [Fact]
    public void A_callback_may_dispose_another_model_and_use_its_own()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        ImageModel other = ImageModel.Load(Networks.Logits(seed: 2));
        float predicted = 0, nested = 0;
        var target = Target.Function("uses", scores =>
        {
            other.Dispose();
            predicted = model.Predict(Networks.Picture()).Logits[2];
            nested = model.Explain(Networks.Picture()).Logit!.Value;
            return scores[2];
        });
        Explanation why = model.Explain(Networks.Picture(), target);

        Explanation expected = model.Explain(Networks.Picture());
        why.Map.DifferenceTo(expected.Map).Should().Be(0);
        predicted.Should().Be(expected.Logit).And.Be(nested);
        ((Action)(() => other.Predict(Networks.Picture()))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_task_that_outlives_the_call_may_dispose_the_model()
    {
        ImageModel model = ImageModel.Load(Networks.Logits());
        using var callHasEnded = new ManualResetEventSlim();
        Task? dispose = null;
        var progress = new Reports(_ => dispose ??= Task.Run(() =>
        {
            callHasEnded.Wait(Deadlock, TestContext.Current.CancellationToken);
            model.Dispose();
        }, TestContext.Current.CancellationToken));
        new ScoreCamExplainer(model)
            .Explain(Networks.Picture(), Target.Predicted, progress, TestContext.Current.CancellationToken);
        callHasEnded.Set();
        await dispose!.WaitAsync(Deadlock, TestContext.Current.CancellationToken);
        ((Action)(() => model.Predict(Networks.Picture()))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_finished_call_does_not_keep_the_model_alive()
    {
        WeakReference lifetime = UsedOnce();
        GC.Collect();
        lifetime.IsAlive.Should()
            .BeFalse("the calling thread continues, and must not keep every model that it has used");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference UsedOnce()
        {
            var lifetime = new ModelLifetime("model");
            lifetime.Enter().Dispose();
            return new WeakReference(lifetime);
        }
    }

    private static bool Refuses(ImageModel model)
    {
        try
        {
            _ = model.Layers;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
