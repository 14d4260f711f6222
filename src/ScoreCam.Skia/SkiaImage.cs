using ScoreCam.Images;
using ScoreCam.IO;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>
/// Decodes pictures: JPEG, PNG, WebP, GIF (its first frame), BMP and what else SkiaSharp knows. The picture comes upright (EXIF orientation
/// applied), in sRGB (an embedded profile is converted), transparency laid on white, never resized. Thread-safe.
/// </summary>
public static class SkiaImage
{
    /// <summary>The bound on decoded pixels where none is given: 100 million.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">A picture file.</param>
    /// <param name="maxPixels">A picture whose header announces more pixels is refused before it is decoded; a file of more than 8 bytes for each of them and 64 MiB, before it is read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no picture, is damaged or cut short, or has too many pixels; the message names the file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(string path, long maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no picture file '{path}'.", path);
        return Decode(LimitedReader.ReadBytes(path, MaxBytes(maxPixels), nameof(maxPixels)), $"'{path}'", maxPixels);
    }

    /// <summary>Decodes a stream, read from where it stands to its end; it stays open.</summary>
    /// <param name="stream">The bytes of a picture file.</param>
    /// <param name="maxPixels">A picture whose header announces more pixels is refused before it is decoded; a stream of more than 8 bytes for each of them and 64 MiB, while it is read.</param>
    /// <exception cref="InvalidDataException">The stream is no picture, is damaged or cut short, or has too many pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(Stream stream, long maxPixels = DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        return Decode(LimitedReader.ReadBytes(stream, MaxBytes(maxPixels), nameof(maxPixels), "The stream"), "The stream", maxPixels);
    }

    /// <summary>Decodes the bytes of a picture file.</summary>
    /// <param name="bytes">A whole file; they are copied.</param>
    /// <param name="maxPixels">A picture whose header announces more pixels is refused before it is decoded.</param>
    /// <exception cref="InvalidDataException">The bytes are no picture, are damaged or cut short, or it has too many pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(ReadOnlySpan<byte> bytes, long maxPixels = DefaultMaxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        return Decode(bytes, "The data", maxPixels);
    }

    /// <summary>What a file of so many pixels may have: eight bytes for each, as 16-bit RGBA without compression, and 64 MiB for all else.</summary>
    private static int MaxBytes(long maxPixels) => (int)Math.Min(Array.MaxLength, (64 << 20) + (8 * Math.Min(maxPixels, RgbPixels.MaxPixels)));

    private static RgbImage Decode(ReadOnlySpan<byte> bytes, string source, long maxPixels)
    {
        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec codec = SKCodec.Create(data)
            ?? throw new InvalidDataException($"{source} ({bytes.Length} bytes) is not a picture that can be decoded; expected a JPEG, PNG, WebP, GIF or BMP file.");
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > Math.Min(maxPixels, RgbPixels.MaxPixels))
            throw new InvalidDataException(
                $"{source} is a picture of {width} × {height} pixels, more than the {Math.Min(maxPixels, RgbPixels.MaxPixels)} allowed; raise maxPixels (at most {RgbPixels.MaxPixels}) if you trust it.");

        using SKBitmap bitmap = new();
        if (!bitmap.TryAllocPixels(RgbPixels.Rgba(width, height, SKAlphaType.Unpremul)))
            throw new InvalidDataException($"{source} is a picture of {width} × {height} pixels, for which there is not enough memory; lower maxPixels to refuse it earlier.");
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return result == SKCodecResult.Success
            ? RgbPixels.FromRgba(bitmap.GetPixelSpan(), width, height, codec.EncodedOrigin)
            : throw new InvalidDataException(result == SKCodecResult.IncompleteInput
                ? $"{source} is cut short: it ends before the last row of its picture."
                : $"{source} is a damaged picture ({result}).");
    }
}
