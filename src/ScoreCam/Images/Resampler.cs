using System.Numerics;

namespace ScoreCam.Images;

/// <summary>
/// Resizes interleaved 8-bit RGB with antialiasing, byte for byte as in Pillow: a horizontal pass, rounded to bytes,
/// then a vertical pass. It can compute only a window of the result, so that a crop costs only its own pixels.
/// </summary>
internal static class Resampler
{
    private const int Half = 1 << (ResampleAxis.FractionBits - 1);

    /// <summary>Resizes the whole picture.</summary>
    public static RgbImage Resize(RgbImage source, int width, int height, ResampleFilter filter) =>
        Resize(source, width, height, new Window(0, 0, width, height), filter);

    /// <summary>
    /// Computes the pixels of a window of the picture resized to <paramref name="width"/> × <paramref name="height"/>.
    /// </summary>
    public static RgbImage Resize(RgbImage source, int width, int height, Window window, ResampleFilter filter)
    {
        if ((width, height) == (source.Width, source.Height) && window == new Window(0, 0, width, height))
            return source;
        byte[] result = new byte[ByteCount(window.Width, window.Height)];
        ResampleAxis columns = new(source.Width, width, window.X, window.Width, filter);
        ResampleAxis rows = new(source.Height, height, window.Y, window.Height, filter);

        // Only the rows that the vertical pass reads are resized horizontally.
        int top = rows.Start[0];
        int bottom = rows.Start[^1] + rows.Taps[^1];
        byte[] narrowed = new byte[ByteCount(window.Width, bottom - top)];
        int stride = 3 * window.Width;
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> row = source.Pixels.Slice(3 * source.Width * y, 3 * source.Width);
            ResizeRow(row, columns, narrowed.AsSpan((y - top) * stride, stride));
        }

        int[] sums = new int[stride];
        for (int y = 0; y < window.Height; y++)
        {
            Array.Fill(sums, Half);
            ReadOnlySpan<int> weights = rows.Weights(y);
            for (int tap = 0; tap < weights.Length; tap++)
                Accumulate(narrowed.AsSpan((rows.Start[y] - top + tap) * stride, stride), weights[tap], sums);
            Span<byte> row = result.AsSpan(y * stride, stride);
            for (int x = 0; x < row.Length; x++)
                row[x] = ToByte(sums[x]);
        }

        return new RgbImage(window.Width, window.Height, result);
    }

    private static void ResizeRow(ReadOnlySpan<byte> source, ResampleAxis columns, Span<byte> destination)
    {
        for (int x = 0; x < columns.Start.Length; x++)
        {
            int red = Half, green = Half, blue = Half;
            ReadOnlySpan<int> weights = columns.Weights(x);
            ReadOnlySpan<byte> pixels = source.Slice(3 * columns.Start[x], 3 * weights.Length);
            for (int tap = 0; tap < weights.Length; tap++, pixels = pixels[3..])
            {
                red += weights[tap] * pixels[0];
                green += weights[tap] * pixels[1];
                blue += weights[tap] * pixels[2];
            }

            Span<byte> pixel = destination.Slice(3 * x, 3);
            (pixel[0], pixel[1], pixel[2]) = (ToByte(red), ToByte(green), ToByte(blue));
        }
    }

    private static void Accumulate(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Span<int> target = sums[i..];
            Add(target, a, weight);
            Add(target[Vector<int>.Count..], b, weight);
            Add(target[(2 * Vector<int>.Count)..], c, weight);
            Add(target[(3 * Vector<int>.Count)..], d, weight);
        }

        for (; i < row.Length; i++)
            sums[i] += weight * row[i];

        static void Add(Span<int> target, Vector<uint> bytes, int weight) =>
            (new Vector<int>(target) + (bytes.As<uint, int>() * weight)).CopyTo(target);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResampleAxis.FractionBits, 0, 255);

    /// <summary>The number of bytes of a picture.</summary>
    /// <exception cref="ArgumentException">The picture is too large for an array.</exception>
    public static int ByteCount(int width, int height) => (long)width * height <= Array.MaxLength / 3
        ? 3 * width * height
        : throw new ArgumentException(
            $"A picture of {width} × {height} pixels is more than an array holds; ask for a smaller size.");

    /// <summary>A rectangle of pixels.</summary>
    internal readonly record struct Window(int X, int Y, int Width, int Height);
}
