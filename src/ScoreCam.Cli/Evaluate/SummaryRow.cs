using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A row of the table: one method.</summary>
internal sealed record SummaryRow
{
    public required string Method { get; init; }

    /// <summary>By name of the metric.</summary>
    public required Dictionary<string, SummaryCell> Cells { get; init; }

    /// <summary>Mean time of explaining a picture.</summary>
    public double Seconds { get; init; }

    public static SummaryRow Of(string method, EvaluationSetup setup, IReadOnlyList<CaseRecord> cases)
    {
        CaseRecord[] own = [.. cases.Where(record => record.Method == method)];
        return new()
        {
            Method = method,
            Cells = setup.Metrics.ToDictionary(metric => metric.Name, metric => SummaryCell.Of(own.Select(record => record.Values.GetValueOrDefault(metric.Name)), setup.Seed)),
            Seconds = own.Average(record => record.Seconds),
        };
    }

    /// <summary>The methods whose mean is best, controls left aside: a map of ones drops nothing and explains nothing. None where all are equal.</summary>
    public static IReadOnlyList<string> Best(EvaluationResult result, MetricColumn metric)
    {
        SummaryRow[] ranked = [.. result.Summary.Where(row => row.Cells[metric.Name].Mean is not null && !result.Setup.Methods.Any(m => m.Name == row.Method && m.IsControl))];
        if (ranked.Length < 2)
            return [];
        // What looks equal in the table is equally good.
        string best = metric.Format(metric.HigherIsBetter ? ranked.Max(row => row.Cells[metric.Name].Mean) : ranked.Min(row => row.Cells[metric.Name].Mean));
        string[] winners = [.. ranked.Where(row => metric.Format(row.Cells[metric.Name].Mean) == best).Select(row => row.Method)];
        return winners.Length < ranked.Length ? winners : [];
    }
}

/// <summary>A mean over pictures with its 95 % interval; nothing but a count of zero where the metric applies to none.</summary>
internal sealed record SummaryCell(double? Mean, double? Low, double? High, int Count)
{
    public static SummaryCell Of(IEnumerable<double?> values, int seed) => MetricSummary.Of(values, seed: seed) is { Count: > 0 } summary
        ? new(summary.Mean, summary.Low, summary.High, summary.Count)
        : new(null, null, null, 0);
}
