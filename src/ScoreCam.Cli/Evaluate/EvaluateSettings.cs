using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>What <c>scorecam evaluate</c> was asked for, without the model.</summary>
internal sealed record EvaluateSettings
{
    public required string Images { get; init; }

    /// <summary>The model and its class names, as far as they were named.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public string? Boxes { get; init; }

    /// <summary>With the controls.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    public required IReadOnlyList<Metric> Metrics { get; init; }

    public int? Limit { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    public int Seed { get; init; }

    public bool Sanity { get; init; }

    public required EvaluationOutputs Outputs { get; init; }

    /// <summary>The methods of these names, each once, and the controls.</summary>
    /// <exception cref="UserException">There is no such method.</exception>
    public static IReadOnlyList<Method> MethodsOf(IReadOnlyList<string> names) =>
        [.. Method.ParseMany(names).Concat(Method.Controls).DistinctBy(method => method.Name)];

    /// <summary>
    /// The metrics of these names, each once, seeded; without names all of them, those of boxes only where there are
    /// boxes.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static IReadOnlyList<Metric> MetricsOf(IReadOnlyList<string> names, bool hasBoxes, int seed)
    {
        Metric[] metrics = names.Count == 0 || names.Contains("all", StringComparer.OrdinalIgnoreCase)
            ? [.. Metric.All.Where(metric => hasBoxes || !metric.NeedsBoxes)]
            : [.. names.Select(Metric.Find).Distinct()];
        if (!hasBoxes && metrics.FirstOrDefault(metric => metric.NeedsBoxes) is { } needy)
            throw new UserException($"the metric {needy.Name} needs boxes; give --boxes");
        return [.. metrics.Select(metric => Seeded(metric, seed))];
    }

    private static Metric Seeded(Metric metric, int seed) => metric switch
    {
        Insertion => new Insertion(seed),
        Deletion => new Deletion(seed),
        Road => new Road(seed),
        _ => metric,
    };
}
