using ScoreCam.Images;
using ScoreCam.PictureFiles;

namespace ScoreCam.ImageSharp;

/// <summary>
/// Computes the colours of JPEG files as libjpeg and Pillow do. A JPEG file stores brightness (Y) and two colour
/// differences (Cb, Cr), often at half the resolution. ImageSharp repeats a stored difference, but libjpeg interpolates
/// it. Therefore ImageSharp decodes only the planes, and this class computes the colours.
/// </summary>
internal sealed class JpegColors
{
    private const int App0 = 0xE0, App14 = 0xEE;

    // An Adobe segment that declares the planes as red, green and blue. ImageSharp then does not convert them.
    private static readonly byte[] KeepPlanes = [0xFF, App14, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0];

    private readonly byte[] _file;
    private readonly (int X, int Y)[] _steps;

    private JpegColors(byte[] file, (int X, int Y)[] steps) => (_file, _steps) = (file, steps);

    /// <summary>The file, changed so that ImageSharp decodes the planes without converting them.</summary>
    public ReadOnlySpan<byte> Planes => _file;

    /// <summary>Determines how a file stores its colours.</summary>
    /// <returns>Null if the file does not store Y, Cb and Cr. ImageSharp's own colours are then correct.</returns>
    public static JpegColors? Of(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file);
        using MemoryStream kept = new(file.Length + KeepPlanes.Length);
        kept.Write([0xFF, 0xD8, .. KeepPlanes]);
        (bool isJfif, int? transform) = (false, null);
        (int Id, int X, int Y)[] components = [];
        long at = 2;
        for (int marker; (marker = JpegFile.MarkerAt(view, ref at)) != JpegFile.StartOfScan;)
        {
            long next = JpegFile.NextSegment(view, at, marker);
            if (marker == App0 && view.Has(at + 4, "JFIF\0"u8))
                isJfif = true;
            else if (marker == App14 && view.Has(at + 4, "Adobe"u8) && next > at + 15)
                transform = view[at + 15];
            else
                kept.Write(view.At(at, next - at));
            if (JpegFile.IsFrame(marker))
                components = Components(view, at);
            at = next;
        }
        kept.Write(file[(int)at..]);

        // The rules of libjpeg. If both segments are missing, the names of the planes decide.
        bool isNamedRgb = components.Select(c => (char)c.Id).SequenceEqual("RGB");
        bool isYCbCr = isJfif || (transform is null ? !isNamedRgb : transform != 0);
        if (components.Length != 3 || !isYCbCr)
            return null;
        (int mostX, int mostY) = (components.Max(c => c.X), components.Max(c => c.Y));
        bool isWhole = components.All(c => c.X > 0 && c.Y > 0 && mostX % c.X == 0 && mostY % c.Y == 0);
        return isWhole && (components[0].X, components[0].Y) == (mostX, mostY)
            ? new(kept.ToArray(), [.. components.Select(c => (mostX / c.X, mostY / c.Y))])
            : null;
    }

    /// <summary>Interpolates the colour differences and converts to RGB.</summary>
    /// <param name="planes">The planes as red, green and blue. Stored values are repeated.</param>
    public RgbImage ToRgb(RgbImage planes)
    {
        byte[] cb = Interpolated(planes, 1), cr = Interpolated(planes, 2);
        byte[] rgb = new byte[planes.Pixels.Length];
        for (int i = 0; i < cb.Length; i++)
        {
            (int y, int blue, int red) = (planes.Pixels[3 * i], cb[i] - 128, cr[i] - 128);
            // Fixed point with 16 fraction bits, rounded as in libjpeg.
            rgb[3 * i] = Clamped(y + (((91881 * red) + 32768) >> 16));
            rgb[(3 * i) + 1] = Clamped(y + (((-22554 * blue) - (46802 * red) + 32768) >> 16));
            rgb[(3 * i) + 2] = Clamped(y + (((116130 * blue) + 32768) >> 16));
        }
        return new RgbImage(planes.Width, planes.Height, rgb);
    }

    private static (int Id, int X, int Y)[] Components(ByteView view, long frame)
    {
        var components = new (int, int, int)[view[frame + 9]];
        for (int i = 0; i < components.Length; i++)
        {
            long at = frame + 10 + (3 * i);
            components[i] = (view[at], view[at + 1] >> 4, view[at + 1] & 15);
        }
        return components;
    }

    private byte[] Interpolated(RgbImage planes, int component)
    {
        (int stepX, int stepY) = _steps[component];
        (int width, int height) = (planes.Width, planes.Height);
        int columns = (width + stepX - 1) / stepX;
        // libjpeg interpolates only a factor of two, and not in rows of one or two values.
        bool isWide = stepX == 2 && stepY <= 2 && columns > 2, isTall = stepY == 2 && (isWide || stepX == 1);
        byte[] values = new byte[width * height];
        int[] sums = new int[columns];
        for (int y = 0; y < height; y++)
        {
            int neighbour = Math.Clamp(y % 2 == 0 ? y - 2 : y + 1, 0, LastRow(height, stepY));
            for (int column = 0; column < columns; column++)
            {
                int value = Stored(y - (y % stepY), column);
                sums[column] = isTall ? (3 * value) + Stored(neighbour, column) : value;
            }
            Span<byte> row = values.AsSpan(width * y, width);
            if (isWide)
                Widen(sums, row, isTall);
            else
                for (int x = 0; x < width; x++)
                    row[x] = (byte)(isTall ? (sums[x / stepX] + 1 + (y % 2)) >> 2 : sums[x / stepX]);
        }
        return values;

        int Stored(int row, int column) => planes.Pixels[(3 * ((row * width) + (column * stepX))) + component];
    }

    private static int LastRow(int height, int step) => (height - 1) / step * step;

    /// <summary>
    /// Doubles the number of values. Each value is three parts of its own stored value and one part of the adjacent
    /// stored value.
    /// </summary>
    /// <param name="sums">The stored values, multiplied by four if <paramref name="isTall"/> is true.</param>
    /// <param name="row">Receives the values.</param>
    /// <param name="isTall">Whether the values are also interpolated between rows.</param>
    private static void Widen(ReadOnlySpan<int> sums, Span<byte> row, bool isTall)
    {
        (int shift, int left, int right) = isTall ? (4, 8, 7) : (2, 1, 2);
        for (int x = 0; x < row.Length; x++)
        {
            int column = x / 2, neighbour = column + (x % 2 == 0 ? -1 : 1);
            int other = sums[Math.Clamp(neighbour, 0, sums.Length - 1)];
            row[x] = (byte)(((3 * sums[column]) + other + (x % 2 == 0 ? left : right)) >> shift);
        }
    }

    private static byte Clamped(int value) => (byte)Math.Clamp(value, 0, 255);
}
