namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// A count out of a total, for example the number of pictures that a network classifies correctly. Immutable and
/// thread-safe.
/// </summary>
/// <param name="Count">The count.</param>
/// <param name="Total">The total.</param>
public readonly record struct Proportion(int Count, int Total)
{
    // The 97.5th percentile of the standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The proportion, 0…1; NaN if the total is 0.</summary>
    public double Share => (double)Count / Total;

    /// <summary>The lower end of Wilson's 95 % interval of the proportion; NaN if the total is 0.</summary>
    public double Low => Count == 0 && Total > 0 ? 0 : Wilson(-1);

    /// <summary>The upper end of Wilson's 95 % interval of the proportion; NaN if the total is 0.</summary>
    public double High => Count == Total && Total > 0 ? 1 : Wilson(1);

    private double Wilson(int sign)
    {
        double n = Total, p = Share, square = Z * Z;
        double centre = p + (square / (2 * n));
        double half = Z * Math.Sqrt((p * (1 - p) / n) + (square / (4 * n * n)));
        return (centre + (sign * half)) / (1 + (square / n));
    }
}
