using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>Measures of the similarity of two maps of the same size.</summary>
public static class MapSimilarity
{
    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>Computes Pearson's correlation of the values, −1…1. It is 0 if a map is constant.</summary>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public static double Pearson(SaliencyMap first, SaliencyMap second)
    {
        ThrowIfSizesDiffer(first, second);
        return Pearson(first.Values, second.Values);
    }

    /// <summary>
    /// Computes Spearman's rank correlation of the values, −1…1. It is 0 if a map is constant. Equal values share their
    /// mean rank.
    /// </summary>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public static double Spearman(SaliencyMap first, SaliencyMap second)
    {
        ThrowIfSizesDiffer(first, second);
        return Pearson(Ranks(first.Values), Ranks(second.Values));
    }

    /// <summary>
    /// Computes the structural similarity (Wang et al., 2004) of maps with values 0…1: the mean over all positions of a
    /// Gaussian window, 11 × 11 with σ = 1.5. Small maps use a smaller window. The value is −1…1, and it is 1 only for
    /// equal maps.
    /// </summary>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public static double Ssim(SaliencyMap first, SaliencyMap second)
    {
        ThrowIfSizesDiffer(first, second);
        (int height, int width) = (first.Height, first.Width);
        int radius = Math.Min(5, (Math.Min(height, width) - 1) / 2);
        float[] x = first.Values.ToArray(), y = second.Values.ToArray();
        float[] Mean(Func<int, float> value)
        {
            var mean = new float[x.Length];
            GaussianBlur.Apply([.. Enumerable.Range(0, x.Length).Select(value)], height, width, 1.5, radius, mean);
            return mean;
        }

        float[] meanX = Mean(i => x[i]), meanY = Mean(i => y[i]);
        float[] squareX = Mean(i => x[i] * x[i]), squareY = Mean(i => y[i] * y[i]), products = Mean(i => x[i] * y[i]);
        double sum = 0;
        for (int row = radius; row < height - radius; row++)
            for (int column = radius; column < width - radius; column++)
            {
                int i = (row * width) + column;
                double mx = meanX[i], my = meanY[i];
                double covariance = products[i] - (mx * my);
                double variances = squareX[i] - (mx * mx) + squareY[i] - (my * my);
                double numerator = ((2 * mx * my) + C1) * ((2 * covariance) + C2);
                sum += numerator / (((mx * mx) + (my * my) + C1) * (variances + C2));
            }
        return sum / ((height - (2 * radius)) * (width - (2 * radius)));
    }

    /// <summary>
    /// Computes the intersection over union of the pixels with the largest values, 0…1. It is 0 if a map is constant.
    /// Pixels equal to the smallest selected value are included. Pixels at the minimum of the map are excluded, so a
    /// map that is 0 almost everywhere has few selected pixels.
    /// </summary>
    /// <param name="first">A map.</param>
    /// <param name="second">A map of the same size.</param>
    /// <param name="share">
    /// The fraction of the pixels to select, above 0 and below 1. At least one pixel is selected.
    /// </param>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public static double TopIoU(SaliencyMap first, SaliencyMap second, double share = 0.2)
    {
        ThrowIfSizesDiffer(first, second);
        if (share is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(share), share, "Expected a share of the pixels above 0 and below 1.");
        (bool[] a, bool[] b) = (Largest(first.Values, share), Largest(second.Values, share));
        int both = 0, either = 0;
        for (int i = 0; i < a.Length; i++)
        {
            both += a[i] && b[i] ? 1 : 0;
            either += a[i] || b[i] ? 1 : 0;
        }
        return either == 0 ? 0 : (double)both / either;
    }

    private static bool[] Largest(ReadOnlySpan<float> values, double share)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        (float last, float least) = (sorted[^Math.Max(1, (int)Math.Round(share * sorted.Length))], sorted[0]);
        return [.. values.ToArray().Select(value => value >= last && value > least)];
    }

    private static double Pearson(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        (double meanA, double meanB) = (Mean(a), Mean(b));
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (double da, double db) = (a[i] - meanA, b[i] - meanB);
            (ab, aa, bb) = (ab + (da * db), aa + (da * da), bb + (db * db));
        }
        return IsFlat(a) || IsFlat(b) ? 0 : Math.Clamp(ab / Math.Sqrt(aa * bb), -1, 1);
    }

    private static bool IsFlat(ReadOnlySpan<float> values) => values.IndexOfAnyExcept(values[0]) < 0;

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }

    private static float[] Ranks(ReadOnlySpan<float> values)
    {
        float[] keys = values.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        var ranks = new float[keys.Length];
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + end - 1) / 2f;
            start = end;
        }
        return ranks;
    }

    private static void ThrowIfSizesDiffer(SaliencyMap first, SaliencyMap second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if ((first.Width, first.Height) != (second.Width, second.Height))
            throw new ArgumentException(
                $"Maps of {first.Width} × {first.Height} and {second.Width} × {second.Height} cannot be compared. "
                + "Give them one size with SaliencyMap.Resize.",
                nameof(second));
    }
}
