namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// The mean difference between two values for the same pictures, with its 95 % bootstrap interval. Pairing removes the
/// variation between pictures, so it is more sensitive than a comparison of the intervals of two means. Immutable and
/// thread-safe.
/// </summary>
public sealed record PairedDifference
{
    // The sign test: 2 · 2⁻⁵ is above 0.05, and 2 · 2⁻⁶ is below it.
    private const int FewestPairs = 6;

    /// <summary>The mean of first − second; NaN if there are no pictures.</summary>
    public required double Mean { get; init; }

    /// <summary>The lower end of the interval.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of the interval.</summary>
    public required double High { get; init; }

    /// <summary>The number of pictures that have both values.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Whether the difference is clear: there are at least six pictures, and the interval does not contain 0. With
    /// fewer pictures, all differences have the same sign by chance in more than 5 % of cases.
    /// </summary>
    public bool IsClear => Count >= FewestPairs && (Low > 0 || High < 0);

    /// <summary>Compares the values of the same pictures.</summary>
    /// <param name="first">One value per picture; null if a picture has none.</param>
    /// <param name="second">One value per picture, in the same order; null if a picture has none.</param>
    /// <param name="seed">The seed of the bootstrap. The same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
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
