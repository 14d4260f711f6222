using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>How alike the maps of two columns are.</summary>
internal sealed record SimilarityFigures
{
    /// <summary>The measures, in the order of every list of values.</summary>
    public static IReadOnlyList<SimilarityMeasure> Measures { get; } = Enum.GetValues<SimilarityMeasure>();

    public required string FirstNetwork { get; init; }

    public required string FirstMethod { get; init; }

    public required string SecondNetwork { get; init; }

    public required string SecondMethod { get; init; }

    /// <summary>Number of pictures that both columns explain.</summary>
    public required int Pictures { get; init; }

    public double? Pearson { get; init; }

    public double? Spearman { get; init; }

    public double? Ssim { get; init; }

    public double? TopIoU { get; init; }

    /// <summary>The pairs of columns that say something: two networks by one method, or two methods on one network.</summary>
    public static IEnumerable<(MapColumn First, MapColumn Second)> Columns(NetworkComparison comparison)
    {
        string[] networks = [.. comparison.Networks.Select(network => network.Name)];
        foreach (string method in comparison.Methods)
            foreach ((string first, string second) in ComparisonFigures.Pairs(networks))
                yield return (new(first, method), new(second, method));
        foreach (string network in networks)
            foreach ((string first, string second) in ComparisonFigures.Pairs(comparison.Methods))
                yield return (new(network, first), new(network, second));
    }

    public static SimilarityFigures[] Of(NetworkComparison comparison)
    {
        (MapColumn First, MapColumn Second)[] columns = [.. Columns(comparison)];
        SimilarityFigures[] figures = new SimilarityFigures[columns.Length];
        Parallel.For(0, columns.Length, i => figures[i] = Of(comparison, columns[i].First, columns[i].Second));
        return figures;
    }

    private static SimilarityFigures Of(NetworkComparison comparison, MapColumn first, MapColumn second)
    {
        double? Mean(SimilarityMeasure measure) => MapAgreement.Mean(comparison, first, second, measure);
        return new()
        {
            FirstNetwork = first.Network,
            FirstMethod = first.Method,
            SecondNetwork = second.Network,
            SecondMethod = second.Method,
            Pictures = comparison.Pictures.Count(picture =>
                comparison.Map(first.Network, picture.Name, first.Method) is not null
                && comparison.Map(second.Network, picture.Name, second.Method) is not null),
            Pearson = Mean(SimilarityMeasure.Pearson),
            Spearman = Mean(SimilarityMeasure.Spearman),
            Ssim = Mean(SimilarityMeasure.Ssim),
            TopIoU = Mean(SimilarityMeasure.TopIoU),
        };
    }
}
