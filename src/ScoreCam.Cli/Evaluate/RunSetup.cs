namespace ScoreCam.Cli.Evaluate;

/// <summary>The options of a run that all its shards share.</summary>
internal abstract record RunSetup
{
    /// <summary>The version of the library.</summary>
    public required string Version { get; init; }

    /// <summary>The hash of the pictures of all shards, with their classes and boxes.</summary>
    public required string PicturesSha256 { get; init; }

    public required int Seed { get; init; }

    public required MethodColumn[] Methods { get; init; }

    public required MetricColumn[] Metrics { get; init; }

    /// <summary>Describes the first difference to the options of another run; null if there is none.</summary>
    protected string? DifferenceOfOptions(RunSetup other) =>
        Version != other.Version ? $"the version of ScoreCam ({Version} and {other.Version})"
        : PicturesSha256 != other.PicturesSha256 ? "the pictures of all shards, their classes or boxes"
        : Seed != other.Seed ? $"the seed ({Seed} and {other.Seed})"
        : !Methods.SequenceEqual(other.Methods) ? $"the methods ({Names(Methods.Select(m => m.Name))} and "
            + $"{Names(other.Methods.Select(m => m.Name))})"
        : !Metrics.SequenceEqual(other.Metrics) ? $"the metrics ({Names(Metrics.Select(m => m.Name))} and "
            + $"{Names(other.Metrics.Select(m => m.Name))})"
        : null;

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
