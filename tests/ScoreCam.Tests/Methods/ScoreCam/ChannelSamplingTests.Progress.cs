using System.Text;
using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Progress, saving and limits of sampled explanations.</summary>
public sealed partial class ChannelSamplingTests
{
    [Fact]
    public void Progress_ends_at_its_total_and_never_exceeds_it()
    {
        var reports = new List<ExplainProgress>();
        var progress = new Recorder(reports);
        new ScoreCamExplainer(_model, new() { Sampling = ChannelSampling.Adaptive(maxPasses: 30) })
            .Explain(_photo, Target.Class(Cat), progress, TestContext.Current.CancellationToken);
        reports.Max(report => report.Done).Should().Be(30);
        reports.Should().OnlyContain(report => report.Total == 30 && report.Done <= 30);
    }

    [Fact]
    public void With_an_early_stop_progress_ends_at_its_total_and_the_call_can_still_be_cancelled()
    {
        const string earlier = "/layer2/layer2.1/Relu_1_output_0", last = "/layer3/layer3.1/Relu_1_output_0";
        var explainer = new ScoreCamExplainer(_model,
            new() { Layers = [earlier, last], Sampling = ChannelSampling.Adaptive(tolerance: 0.1f) });
        var reports = new Reports();
        var why = explainer.Explain(_photo, Target.Class(Cat), reports, TestContext.Current.CancellationToken);
        why.Layers.Should().OnlyContain(layer => layer.PredictedChannels.Count > 0, "both stop early");
        reports.All.Should().OnlyContain(report => report.Done <= report.Total);
        reports.All.Should().Contain(new ExplainProgress(why.Layers[0].Passes, why.Layers[0].Passes),
            "it is the last report of the first layer");
        reports.All[^1].Should().Be(new ExplainProgress(why.Passes, why.Passes));

        // All passes are done, but the steps after them are not.
        using var cancel = new CancellationTokenSource();
        var cancelling = new Reports(report =>
        {
            if (report == new ExplainProgress(why.Passes, why.Passes))
                cancel.Cancel();
        });
        FluentActions.Invoking(() => explainer.Explain(_photo, Target.Class(Cat), cancelling, cancel.Token)).Should()
            .Throw<OperationCanceledException>();
    }

    [Fact]
    public void Predicted_channels_can_be_saved_and_loaded()
    {
        Explanation why = Explain(new() { Sampling = ChannelSampling.Adaptive(maxPasses: 24) });
        using var stream = new MemoryStream();
        why.Save(stream);
        var loaded = Explanation.Load(new MemoryStream(stream.ToArray()));
        loaded.Layers[0].PredictedChannels.Should().Equal(why.Layers[0].PredictedChannels).And.NotBeEmpty();
        loaded.Layers[0].EstimatedError.Should().Be(why.Layers[0].EstimatedError);

        string wrong = Encoding.UTF8.GetString(stream.ToArray())
            .Replace("\"predictedChannels\":[", "\"predictedChannels\":[500,", StringComparison.Ordinal);
        FluentActions.Invoking(() => Explanation.Load(new MemoryStream(Encoding.UTF8.GetBytes(wrong)))).Should()
            .Throw<InvalidDataException>().WithMessage("*predictedChannels[0]*0 to 127*");
    }

    [Fact]
    public void Limits_out_of_range_are_refused()
    {
        FluentActions.Invoking(() => ChannelSampling.TopVariance(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ChannelSampling.Adaptive(maxPasses: 1)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*At least 2 passes*");
        FluentActions.Invoking(() => ChannelSampling.Adaptive(tolerance: 0)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*more than 0 and at most 1*");
        FluentActions.Invoking(() => ChannelSampling.Adaptive(tolerance: float.NaN)).Should()
            .Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ChannelSampling.Adaptive(timeBudget: TimeSpan.Zero)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*must be positive*");
        FluentActions.Invoking(() => new ScoreCamExplainer(_model, new() { Sampling = null! })).Should()
            .Throw<ArgumentNullException>();
    }

    private sealed class Recorder(List<ExplainProgress> reports) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value)
        {
            lock (reports)
                reports.Add(value);
        }
    }
}
