using System.Diagnostics;
using System.Diagnostics.Metrics;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Execution;

/// <summary>What a listener to the source and the meter "ScoreCam" receives. Other tests run meanwhile.</summary>
public class TelemetryTests
{
    [Fact]
    public void Loading_and_explaining_are_activities_with_their_cost()
    {
        var activities = new List<Activity>();
        using var parent = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ScoreCam",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                    if (activity.TraceId == parent.TraceId)
                        activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Explanation why = model.Explain(Networks.Picture());
        FluentActions.Invoking(() => model.Explain(Networks.Picture(), Target.Class(99)))
            .Should().Throw<ArgumentException>();

        activities.Select(activity => activity.OperationName)
            .Should().Equal("ScoreCam.Load", "ScoreCam.Explain", "ScoreCam.Explain");
        activities[0].GetTagItem("scorecam.model").Should().Be("model");
        activities[1].GetTagItem("scorecam.method").Should().Be("Score-CAM (Paper)");
        activities[1].GetTagItem("scorecam.passes").Should().Be(why.Passes);
        activities[1].GetTagItem("scorecam.targets").Should().Be(1);
        activities[2].Status.Should().Be(ActivityStatusCode.Error);
        activities[2].GetTagItem("error.type").Should().Be("argument");
    }

    [Fact]
    public void Durations_passes_and_channels_are_measured()
    {
        var measured = new List<(string Instrument, double Value, string? Method)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == "ScoreCam")
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        using ImageModel model = ImageModel.Load(Networks.Logits());
        var explainer = new Named(new GradCamExplainer(model));
        Target[] targets = [Target.Class(1), Target.Class(2)];
        explainer.Explain(Networks.Picture(), targets, null, TestContext.Current.CancellationToken);

        (string Instrument, double Value, string? Method)[] own;
        lock (measured)
            own = [.. measured.Where(one => one.Method == explainer.Name)];
        own.Single(one => one.Instrument == "scorecam.explain.duration").Value.Should().BePositive();
        own.Single(one => one.Instrument == "scorecam.explain.passes").Value.Should().Be(0);
        own.Single(one => one.Instrument == "scorecam.explain.gradient_passes").Value.Should().Be(2);
        own.Single(one => one.Instrument == "scorecam.explain.live_channels").Value.Should().Be(10);
        lock (measured)
        {
            measured.Should().Contain(one => one.Instrument == "scorecam.load.duration" && one.Value > 0);
            measured.Should().Contain(one => one.Instrument == "scorecam.queue.duration" && one.Value >= 0);
        }

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? method = null;
            foreach (KeyValuePair<string, object?> tag in tags)
                if (tag.Key == "scorecam.method")
                    method = (string?)tag.Value;
            lock (measured)
                measured.Add((instrument.Name, value, method));
        }
    }

    /// <summary>The same method under a name of its own.</summary>
    private sealed class Named(Explainer inner) : Explainer(inner.Model)
    {
        public override string Name => $"{inner.Name} of this test";

        protected override IReadOnlyList<Explanation> ExplainCore(
            PreparedImage image,
            IReadOnlyList<Target> targets,
            IProgress<ExplainProgress>? progress,
            CancellationToken cancellationToken) => inner.Explain(image, targets, progress, cancellationToken);
    }
}
