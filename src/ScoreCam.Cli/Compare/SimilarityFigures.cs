using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>The average similarity of the maps of two columns.</summary>
internal sealed record SimilarityFigures
{
    public required string FirstNetwork { get; init; }

    public required string FirstMethod { get; init; }

    public required string SecondNetwork { get; init; }

    public required string SecondMethod { get; init; }

    /// <summary>The number of pictures that both columns explain.</summary>
    public required int Pictures { get; init; }

    public double? Pearson { get; init; }

    public double? Spearman { get; init; }

    public double? Ssim { get; init; }

    public double? TopIoU { get; init; }
}

/// <summary>
/// The similarity of the maps of two columns on every picture. It is computed once, for the statistics and for the
/// pictures.
/// </summary>
internal sealed class SimilarityTable
{
    private static readonly SimilarityMeasure[] Measures = Enum.GetValues<SimilarityMeasure>();

    private readonly (MapColumn First, MapColumn Second)[] _pairs;
    private readonly Dictionary<string, double[]>[] _values;

    private SimilarityTable((MapColumn First, MapColumn Second)[] pairs, Dictionary<string, double[]>[] values) =>
        (_pairs, _values) = (pairs, values);

    /// <summary>The number of pairs of columns: two networks with one method, or two methods on one network.</summary>
    public int Count => _pairs.Length;

    public static SimilarityTable Of(NetworkComparison comparison)
    {
        (MapColumn First, MapColumn Second)[] pairs = [.. Pairs(comparison)];
        Dictionary<string, double[]>[] values = new Dictionary<string, double[]>[pairs.Length];
        Parallel.For(0, pairs.Length, i => values[i] = Measure(comparison, pairs[i].First, pairs[i].Second));
        return new(pairs, values);
    }

    /// <summary>Returns one value per measure, in order; null if a column has no map of the picture.</summary>
    public double[]? On(int pair, string picture) => _values[pair].GetValueOrDefault(picture);

    /// <summary>Returns the means over the pictures.</summary>
    public SimilarityFigures[] Figures() => [.. Enumerable.Range(0, Count).Select(pair =>
    {
        double[][] rows = [.. _values[pair].Values];
        double? Mean(SimilarityMeasure measure) =>
            rows.Length == 0 ? null : rows.Average(row => row[Array.IndexOf(Measures, measure)]);
        return new SimilarityFigures
        {
            FirstNetwork = _pairs[pair].First.Network,
            FirstMethod = _pairs[pair].First.Method,
            SecondNetwork = _pairs[pair].Second.Network,
            SecondMethod = _pairs[pair].Second.Method,
            Pictures = rows.Length,
            Pearson = Mean(SimilarityMeasure.Pearson),
            Spearman = Mean(SimilarityMeasure.Spearman),
            Ssim = Mean(SimilarityMeasure.Ssim),
            TopIoU = Mean(SimilarityMeasure.TopIoU),
        };
    })];

    private static IEnumerable<(MapColumn First, MapColumn Second)> Pairs(NetworkComparison comparison)
    {
        string[] networks = [.. comparison.Networks.Select(network => network.Name)];
        foreach (string method in comparison.Methods)
            foreach ((string first, string second) in ComparisonFigures.Pairs(networks))
                yield return (new(first, method), new(second, method));
        foreach (string network in networks)
            foreach ((string first, string second) in ComparisonFigures.Pairs(comparison.Methods))
                yield return (new(network, first), new(network, second));
    }

    private static Dictionary<string, double[]> Measure(NetworkComparison comparison, MapColumn first, MapColumn second)
    {
        Dictionary<string, double[]> values = [];
        foreach (ComparedPicture picture in comparison.Pictures)
        {
            double?[] row =
                [.. Measures.Select(measure => MapAgreement.Of(comparison, picture.Name, first, second, measure))];
            if (row.All(value => value is not null))
                values.Add(picture.Name, [.. row.Select(value => value!.Value)]);
        }
        return values;
    }
}
