using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>A metric over a dataset: the mean and its bootstrap interval. Immutable and thread-safe.</summary>
public sealed record MetricSummary
{
    /// <summary>The mean over the pictures to which the metric applies; NaN if there are none.</summary>
    public required double Mean { get; init; }

    /// <summary>The lower end of the 95 % interval.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of the 95 % interval.</summary>
    public required double High { get; init; }

    /// <summary>The number of pictures to which the metric applies.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Summarises the values of pictures. The interval is the percentile bootstrap interval of the mean, from 2.5 % to
    /// 97.5 %.
    /// </summary>
    /// <param name="values">One value per picture; null where the metric does not apply.</param>
    /// <param name="resamples">The number of resamples with replacement, at least 1.</param>
    /// <param name="seed">The seed of the resamples. The same seed gives the same interval.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of resamples is below 1.</exception>
    public static MetricSummary Of(IEnumerable<double?> values, int resamples = 2000, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        double[] found = [.. values.OfType<double>()];
        if (found.Length == 0)
            return new() { Mean = double.NaN, Low = double.NaN, High = double.NaN, Count = 0 };
        var random = new SeededRandom(seed);
        var means = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            double sum = 0;
            for (int i = 0; i < found.Length; i++)
                sum += found[random.Next(found.Length)];
            means[r] = sum / found.Length;
        }
        Array.Sort(means);
        (double low, double high) = (Quantile(means, 0.025), Quantile(means, 0.975));
        return new() { Mean = found.Average(), Low = low, High = high, Count = found.Length };
    }

    // Interpolates linearly between the order statistics, as numpy does by default.
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
