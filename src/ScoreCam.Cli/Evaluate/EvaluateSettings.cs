using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The settings of <c>scorecam evaluate</c>, without the model.</summary>
internal sealed record EvaluateSettings
{
    public required string Images { get; init; }

    /// <summary>The files of the model and of its class names, if they were named.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public string? Boxes { get; init; }

    /// <summary>The methods, including the controls.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    public required IReadOnlyList<Metric> Metrics { get; init; }

    public int? Limit { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    public int Seed { get; init; }

    public bool Sanity { get; init; }

    public required EvaluationOutputs Outputs { get; init; }

    /// <summary>Returns the methods with these names, without duplicates, and the controls.</summary>
    /// <exception cref="UserException">A method does not exist.</exception>
    public static IReadOnlyList<Method> MethodsOf(IReadOnlyList<string> names) =>
        [.. Method.ParseMany(names).Concat(Method.Controls).DistinctBy(method => method.Name)];

    /// <summary>
    /// Returns the seeded metrics with these names, without duplicates. Without names, returns all metrics; metrics
    /// that need boxes are included only if there are boxes.
    /// </summary>
    /// <exception cref="ArgumentException">A metric does not exist.</exception>
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
        Arcc => new Arcc(seed),
        _ => metric,
    };
}
