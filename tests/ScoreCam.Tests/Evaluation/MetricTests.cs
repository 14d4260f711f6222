using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Methods;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

public class MetricTests
{
    [Fact]
    public void Every_metric_is_found_by_its_name_and_a_wrong_name_gets_a_suggestion()
    {
        Metric.All.Select(metric => metric.Name)
            .Should().OnlyHaveUniqueItems().And.OnlyContain(name => name == name.ToLowerInvariant());
        Metric.All.Select(metric => metric.Title).Should().OnlyHaveUniqueItems();
        foreach (Metric metric in Metric.All)
            Metric.Find(metric.Name.ToUpperInvariant()).Should().BeSameAs(metric);
        FluentActions.Invoking(() => Metric.Find("insertoin"))
            .Should().Throw<ArgumentException>().WithMessage("*'insertoin'; did you mean 'insertion'? Metrics: *");
        FluentActions.Invoking(() => Metric.Find("none of them"))
            .Should().Throw<ArgumentException>().WithMessage("*'none of them'. Metrics: *");
    }

    [Fact]
    public void A_class_index_out_of_range_and_a_map_with_non_finite_values_are_refused()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        float[] rest = new float[(Tiny.Side * Tiny.Side) - 1];
        Action Case(int classIndex, float value) =>
            () => EvaluationSetup.With(model, Tiny.Picture(), [value, .. rest], classIndex);
        Explanation why = new ScoreCamExplainer(model).On(Tiny.Picture());
        foreach (int classIndex in new[] { -1, model.Classes.Count, int.MaxValue })
            FluentActions.Invoking(() => new EvaluationCase(new ScoreCamExplainer(model), Tiny.Picture(), new()
            {
                ClassIndex = classIndex,
                Method = why.Method,
                TargetName = why.TargetName,
                Map = why.Map,
                RawMap = why.RawMap,
                Mapping = why.Mapping,
                ModelSha256 = why.ModelSha256,
            })).Should().Throw<ArgumentException>()
                .WithMessage($"*class {classIndex},*0 to {model.Classes.Count - 1}*");
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
            Case(0, value).Should().Throw<ArgumentException>().WithMessage($"*holds {value};*");
        Case(0, 1).Should().NotThrow();
    }

    [Fact]
    public void Every_metric_measures_an_explanation_of_Score_CAM()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var explainer = new ScoreCamExplainer(model);
        var evaluation = new EvaluationCase(explainer, Tiny.Picture(), explainer.On(Tiny.Picture()))
        {
            Boxes = [new() { XMin = 1, YMin = 1, XMax = 5, YMax = 5 }],
        };
        foreach (Metric metric in Metric.All)
        {
            double least = metric.Name == "road" ? -0.5 : 0, most = metric.Title.Contains('%') ? 100 : 1;
            metric.Value(evaluation).Should().BeInRange(least, most, metric.Name);
        }
    }

    [Fact]
    public void A_summary_is_the_mean_with_its_bootstrap_interval()
    {
        MetricSummary summary = MetricSummary.Of([1, null, 3, 5]);
        summary.Mean.Should().Be(3);
        summary.Count.Should().Be(3);
        summary.Low.Should().BeGreaterThanOrEqualTo(1).And.BeLessThan(3);
        summary.High.Should().BeGreaterThan(3).And.BeLessThanOrEqualTo(5);
        MetricSummary.Of([1, null, 3, 5]).Should().Be(summary);
        MetricSummary.Of([2, 2, 2]).Should().Be(new MetricSummary { Mean = 2, Low = 2, High = 2, Count = 3 });
        MetricSummary.Of([null]).Count.Should().Be(0);
        MetricSummary.Of([null]).Mean.Should().Be(double.NaN);
    }

    [Fact]
    public void The_interval_of_many_coin_tosses_matches_the_normal_distribution()
    {
        // 400 tosses, half of them heads: 0.5 ± 1.96 · 0.5 / √400.
        MetricSummary summary =
            MetricSummary.Of(Enumerable.Range(0, 400).Select(i => (double?)(i % 2)), resamples: 5000);
        summary.Low.Should().BeApproximately(0.5 - 0.049, 0.004);
        summary.High.Should().BeApproximately(0.5 + 0.049, 0.004);
    }
}
