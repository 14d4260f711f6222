using System.Numerics.Tensors;

namespace ScoreCam.Numerics;

/// <summary>Blurs a plane with a Gaussian kernel, rows first, then columns. Edge values are repeated outside.</summary>
internal static class GaussianBlur
{
    /// <summary>Blurs with a kernel that extends to 3 σ.</summary>
    /// <param name="source">height × width values, row-major.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="sigma">The standard deviation in pixels; positive.</param>
    /// <param name="destination">height × width values; it must not overlap the source.</param>
    public static void Apply(
        ReadOnlySpan<float> source, int height, int width, double sigma, Span<float> destination) =>
        Apply(source, height, width, sigma, Math.Max(1, (int)((3 * sigma) + 0.5)), destination);

    /// <summary>Blurs with a kernel that extends <paramref name="radius"/> pixels to each side.</summary>
    /// <inheritdoc cref="Apply(ReadOnlySpan{float}, int, int, double, Span{float})"/>
    public static void Apply(
        ReadOnlySpan<float> source, int height, int width, double sigma, int radius, Span<float> destination)
    {
        float[] kernel = Kernel(sigma, radius);
        // A padded row makes the horizontal pass a dot product of two spans.
        float[] padded = new float[width + (2 * radius)];
        float[] rows = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = source.Slice(y * width, width);
            padded.AsSpan(0, radius).Fill(row[0]);
            row.CopyTo(padded.AsSpan(radius));
            padded.AsSpan(radius + width).Fill(row[^1]);
            for (int x = 0; x < width; x++)
                rows[(y * width) + x] = TensorPrimitives.Dot(padded.AsSpan(x, kernel.Length), kernel);
        }

        destination.Clear();
        for (int y = 0; y < height; y++)
        {
            Span<float> sum = destination.Slice(y * width, width);
            for (int tap = 0; tap < kernel.Length; tap++)
            {
                int row = Math.Clamp(y + tap - radius, 0, height - 1);
                TensorPrimitives.MultiplyAdd(rows.AsSpan(row * width, width), kernel[tap], sum, sum);
            }
        }
    }

    private static float[] Kernel(double sigma, int radius)
    {
        IEnumerable<int> offsets = Enumerable.Range(-radius, (2 * radius) + 1);
        double[] exact = [.. offsets.Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double sum = exact.Sum();
        return Array.ConvertAll(exact, weight => (float)(weight / sum));
    }
}
