using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A row of the table: one method.</summary>
internal sealed record SummaryRow
{
    public required string Method { get; init; }

    /// <summary>The cells, by metric name.</summary>
    public required Dictionary<string, SummaryCell> Cells { get; init; }

    /// <summary>The mean time of explaining a picture, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The mean number of network runs on changed pictures.</summary>
    public double Passes { get; init; }

    /// <summary>The mean number of gradient computations.</summary>
    public double GradientPasses { get; init; }

    public static SummaryRow Of(string method, EvaluationSetup setup, IReadOnlyList<CaseRecord> cases)
    {
        CaseRecord[] own = [.. cases.Where(record => record.Method == method)];
        SummaryCell Cell(MetricColumn metric) =>
            SummaryCell.Of(own.Select(record => record.Values.GetValueOrDefault(metric.Name)), setup.Seed);
        return new()
        {
            Method = method,
            Cells = setup.Metrics.ToDictionary(metric => metric.Name, Cell),
            Seconds = own.Average(record => record.Seconds),
            Passes = own.Average(record => record.Passes),
            GradientPasses = own.Average(record => record.GradientPasses),
        };
    }

    /// <summary>
    /// Returns the methods that no other method clearly surpasses; see <see cref="Evaluate.Leaders"/>. Controls are
    /// excluded, because a map of ones drops nothing but explains nothing. Empty if these pictures do not distinguish
    /// the methods.
    /// </summary>
    public static IReadOnlyList<string> Leaders(EvaluationResult result, MetricColumn metric)
    {
        IEnumerable<MethodColumn> methods = result.Methods.Where(method => !method.IsControl);
        MethodValues[] values = [.. methods.Select(method => Values(result, metric, method.Name))];
        return Evaluate.Leaders.Of(values, metric.HigherIsBetter, result.Setup.Seed);
    }

    /// <summary>Returns the difference of a metric between two methods, on the same pictures.</summary>
    public static PairedDifference Difference(
        EvaluationResult result, MetricColumn metric, string first, string second) =>
        Evaluate.Leaders.Difference(Values(result, metric, first), Values(result, metric, second), result.Setup.Seed);

    private static MethodValues Values(EvaluationResult result, MetricColumn metric, string method) => new(
        method,
        result.Cases.Where(record => record.Method == method)
            .ToDictionary(record => $"{record.Picture}\n{record.ClassIndex}", record =>
                record.Values.GetValueOrDefault(metric.Name)));
}

/// <summary>
/// A mean over pictures with its 95 % interval. If the metric applies to no picture, it contains only a count of zero.
/// </summary>
internal sealed record SummaryCell(double? Mean, double? Low, double? High, int Count)
{
    public static SummaryCell Of(IEnumerable<double?> values, int seed) =>
        MetricSummary.Of(values, seed: seed) is { Count: > 0 } summary
        ? new(summary.Mean, summary.Low, summary.High, summary.Count)
        : new(null, null, null, 0);
}
