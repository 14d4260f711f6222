namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// The mean difference between two values of the same pictures, with its bootstrap 95 % interval. Pairing leaves out
/// how much pictures differ among themselves, so it tells more than comparing the intervals of two means. Immutable
/// and thread-safe.
/// </summary>
public sealed record PairedDifference
{
    // The sign test: 2 · 2⁻⁵ is above 0.05, and 2 · 2⁻⁶ is below.
    private const int FewestPairs = 6;

    /// <summary>The mean of first − second; NaN without pictures.</summary>
    public required double Mean { get; init; }

    /// <summary>Lower end of the interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double High { get; init; }

    /// <summary>Number of pictures that have both values.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Whether the pictures are enough to say which value is larger: there are at least six, and the interval leaves
    /// 0 out. Differences of fewer pictures all have the same sign by chance in more than 5 % of the cases.
    /// </summary>
    public bool IsClear => Count >= FewestPairs && (Low > 0 || High < 0);

    /// <summary>Compares the values of the same pictures.</summary>
    /// <param name="first">One value per picture; null where there is none.</param>
    /// <param name="second">One value per picture, in the same order.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">They are not equally many.</exception>
    public static PairedDifference Of(IReadOnlyList<double?> first, IReadOnlyList<double?> second, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"{second.Count} values cannot be paired with {first.Count}; give one per picture.", nameof(second));
        MetricSummary summary = MetricSummary.Of(first.Zip(second, (a, b) => a - b), seed: seed);
        return new() { Mean = summary.Mean, Low = summary.Low, High = summary.High, Count = summary.Count };
    }
}
