using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// Merges channels with similar masks. A mask is an upsampled activation map, min–max normalised to 0…1. Upsampling is
/// linear, so everything is computed at the layer's resolution.
/// </summary>
internal static class MaskClusters
{
    /// <summary>Clusters the live channels by the cosine distance of their masks, with complete linkage.</summary>
    /// <returns>
    /// The channels of each cluster, in ascending order. The clusters are ordered by their first channels.
    /// </returns>
    public static int[][] Find(
        ActivationMaps maps, int height, int width, double cut, CancellationToken cancellationToken)
    {
        int[] live = [.. Enumerable.Range(0, maps.Channels).Where(k => !maps.IsDead(k))];
        double[][] patterns = [.. live.Select(k => Array.ConvertAll(Pattern(maps, k, height, width), v => (double)v))];
        (double[,] rows, double[,] columns) = (Gram(maps.Height, height), Gram(maps.Width, width));
        double[,] distances = Distances(patterns, rows, columns, cancellationToken);
        int[][] clusters = CompleteLinkage.Cluster(distances, cut, cancellationToken);
        return [.. clusters.Select(cluster => cluster.Select(i => live[i]).ToArray())];
    }

    /// <summary>
    /// Returns one map per cluster: the sum of the patterns whose upsampling gives the masks of its channels.
    /// </summary>
    public static ActivationMaps Merge(ActivationMaps maps, int[][] clusters, int height, int width)
    {
        int positions = maps.Height * maps.Width;
        var values = new float[clusters.Length * positions];
        for (int c = 0; c < clusters.Length; c++)
        {
            Span<float> sum = values.AsSpan(c * positions, positions);
            foreach (int channel in clusters[c])
                TensorPrimitives.Add(sum, Pattern(maps, channel, height, width), sum);
        }
        return new ActivationMaps("clusters", values, clusters.Length, maps.Height, maps.Width);
    }

    /// <summary>Returns the h × w map whose upsampling is the channel's mask.</summary>
    private static float[] Pattern(ActivationMaps maps, int channel, int height, int width)
    {
        BilinearAxis rows = BilinearAxis.HalfPixel(maps.Height, height);
        BilinearAxis columns = BilinearAxis.HalfPixel(maps.Width, width);
        var scratch = new float[Bilinear.ScratchLength(rows, columns)];
        var upsampled = new float[height * width];
        Bilinear.Resize(maps[channel], rows, columns, scratch, upsampled);
        (float low, float high) = (TensorPrimitives.Min<float>(upsampled), TensorPrimitives.Max<float>(upsampled));
        float[] pattern = maps[channel].ToArray();
        TensorPrimitives.Subtract(pattern, low, pattern);
        TensorPrimitives.Divide(pattern, high - low, pattern);
        return pattern;
    }

    /// <summary>
    /// Returns RᵀR of an axis, where R upsamples a column. It gives the dot products of upsampled columns.
    /// </summary>
    private static double[,] Gram(int inputLength, int outputLength)
    {
        BilinearAxis axis = BilinearAxis.HalfPixel(inputLength, outputLength);
        var gram = new double[inputLength, inputLength];
        for (int i = 0; i < outputLength; i++)
        {
            (int a, int b, double t) = (axis.Lower[i], axis.Upper[i], axis.Fraction[i]);
            gram[a, a] += (1 - t) * (1 - t);
            gram[b, b] += t * t;
            gram[a, b] += t * (1 - t);
            gram[b, a] += t * (1 - t);
        }
        return gram;
    }

    private static double[,] Distances(
        double[][] patterns, double[,] rows, double[,] columns, CancellationToken cancellationToken)
    {
        double[][] products = [.. patterns.Select(pattern => Apply(pattern, rows, columns))];
        IEnumerable<double> squares = patterns.Zip(products, (p, product) => TensorPrimitives.Dot<double>(p, product));
        double[] norms = [.. squares.Select(Math.Sqrt)];
        var distances = new double[patterns.Length, patterns.Length];
        for (int i = 0; i < patterns.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int j = i + 1; j < patterns.Length; j++)
            {
                double cosine = TensorPrimitives.Dot<double>(patterns[i], products[j]) / (norms[i] * norms[j]);
                distances[i, j] = distances[j, i] = 1 - cosine;
            }
        }
        return distances;
    }

    private static double[] Apply(double[] map, double[,] rows, double[,] columns)
    {
        (int height, int width) = (rows.GetLength(0), columns.GetLength(0));
        var (half, whole) = (new double[map.Length], new double[map.Length]);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int i = 0; i < width; i++)
                    half[(y * width) + x] += columns[x, i] * map[(y * width) + i];
        for (int y = 0; y < height; y++)
            for (int i = 0; i < height; i++)
                for (int x = 0; x < width; x++)
                    whole[(y * width) + x] += rows[y, i] * half[(i * width) + x];
        return whole;
    }
}
