using System.Numerics;

namespace ScoreCam.Numerics;

/// <summary>
/// Bilinear interpolation of a plane. It computes <c>a + t·(b − a)</c>, so a constant plane stays exactly constant.
/// The columns are resized first, into scratch memory, then the rows. Nothing is allocated.
/// </summary>
internal static class Bilinear
{
    /// <summary>The number of scratch values that <see cref="Resize"/> needs.</summary>
    public static int ScratchLength(BilinearAxis rows, BilinearAxis columns) =>
        checked(rows.InputLength * columns.OutputLength);

    /// <summary>Resizes one plane.</summary>
    /// <param name="source">h × w values, row-major.</param>
    /// <param name="rows">The axis h → H.</param>
    /// <param name="columns">The axis w → W.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values; they are overwritten.</param>
    /// <param name="destination">H × W values, row-major; it must not overlap the source.</param>
    public static void Resize(
        ReadOnlySpan<float> source,
        BilinearAxis rows,
        BilinearAxis columns,
        Span<float> scratch,
        Span<float> destination)
    {
        (int inputWidth, int width) = (columns.InputLength, columns.OutputLength);
        RequireLength(source.Length, rows.InputLength, inputWidth, nameof(source));
        RequireLength(destination.Length, rows.OutputLength, width, nameof(destination));

        for (int y = 0; y < rows.InputLength; y++)
            ResizeRow(source.Slice(y * inputWidth, inputWidth), columns, scratch.Slice(y * width, width));

        for (int y = 0; y < rows.OutputLength; y++)
        {
            ReadOnlySpan<float> above = scratch.Slice(rows.Lower[y] * width, width);
            ReadOnlySpan<float> below = scratch.Slice(rows.Upper[y] * width, width);
            Lerp(above, below, rows.Fraction[y], destination.Slice(y * width, width));
        }
    }

    private static void ResizeRow(ReadOnlySpan<float> source, BilinearAxis columns, Span<float> destination)
    {
        ReadOnlySpan<int> lower = columns.Lower;
        ReadOnlySpan<int> upper = columns.Upper;
        ReadOnlySpan<float> fraction = columns.Fraction;
        for (int x = 0; x < destination.Length; x++)
        {
            float a = source[lower[x]];
            destination[x] = a + (fraction[x] * (source[upper[x]] - a));
        }
    }

    // TensorPrimitives.Lerp computes a·(1 − t) + b·t, which does not keep a constant exactly.
    private static void Lerp(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float t, Span<float> destination)
    {
        int x = 0;
        Vector<float> fraction = new(t);
        for (; x <= destination.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> from = new(a[x..]);
            (from + (fraction * (new Vector<float>(b[x..]) - from))).CopyTo(destination[x..]);
        }

        for (; x < destination.Length; x++)
            destination[x] = a[x] + (t * (b[x] - a[x]));
    }

    private static void RequireLength(int length, int height, int width, string name)
    {
        long expected = (long)height * width;
        if (length != expected)
            throw new ArgumentException($"A plane of {height} × {width} has {expected} values, not {length}.", name);
    }
}
