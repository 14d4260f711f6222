using ScoreCam.Images;
using ScoreCam.IO;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>Between <see cref="RgbImage"/> and SkiaSharp, and to PNG and JPEG. Thread-safe.</summary>
public static class SkiaExtensions
{
    // The limits of libpng and libjpeg as Skia builds them; asked for more, they write to standard error.
    private const int MaxPngSide = 1_000_000;
    private const int MaxJpegSide = 65_500;

    /// <summary>
    /// The bitmap's pixels, converted to sRGB if the bitmap has another colour space, with transparency laid on white.
    /// The bitmap is not changed.
    /// </summary>
    /// <exception cref="ArgumentException">The bitmap has no pixels, or pixels without colour.</exception>
    /// <exception cref="ObjectDisposedException">The bitmap is disposed.</exception>
    public static RgbImage ToRgbImage(this SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        // Skia would read through the null, and the process would end.
        ObjectDisposedException.ThrowIf(bitmap.Handle == IntPtr.Zero, bitmap);
        using SKPixmap? pixels = bitmap.PeekPixels();
        string description = $"The bitmap ({bitmap.Width} × {bitmap.Height}, {bitmap.ColorType})";
        if (pixels is null || bitmap.IsEmpty)
            throw new ArgumentException($"{description} has no pixels.", nameof(bitmap));
        using SKBitmap rgba = new(Rgba(bitmap.Width, bitmap.Height, SKAlphaType.Unpremul));
        if (!pixels.ReadPixels(rgba.Info, rgba.GetPixels(), rgba.RowBytes))
            throw new ArgumentException($"{description} has pixels that are no colours.", nameof(bitmap));
        return RgbPixels.From(rgba);
    }

    /// <summary>A new bitmap of the same pixels (RGBA, opaque, sRGB). The caller disposes it.</summary>
    public static SKBitmap ToSkia(this RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SKBitmap bitmap = new(Rgba(image.Width, image.Height, SKAlphaType.Opaque));
        ReadOnlySpan<byte> source = image.Pixels;
        Span<byte> target = bitmap.GetPixelSpan();
        for (int i = 0, j = 0; i < source.Length; i += 3, j += 4)
        {
            source.Slice(i, 3).CopyTo(target[j..]);
            target[j + 3] = byte.MaxValue;
        }
        return bitmap;
    }

    /// <summary>The picture as the bytes of a PNG file; nothing is lost.</summary>
    /// <param name="image">At most 1,000,000 pixels a side.</param>
    /// <exception cref="ArgumentException">The picture is larger than that.</exception>
    public static byte[] ToPng(this RgbImage image) => Encode(image, SKEncodedImageFormat.Png, 100, MaxPngSide);

    /// <summary>The picture as the bytes of a JPEG file.</summary>
    /// <param name="image">At most 65,500 pixels a side.</param>
    /// <param name="quality">1…100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not 1…100.</exception>
    /// <exception cref="ArgumentException">The picture is larger than that.</exception>
    public static byte[] ToJpeg(this RgbImage image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return Encode(image, SKEncodedImageFormat.Jpeg, quality, MaxJpegSide);
    }

    /// <summary>Writes a PNG file. It is written aside and then renamed: where that fails, a file of this name stays as it was.</summary>
    /// <inheritdoc cref="ToPng" path="/exception"/>
    public static void SavePng(this RgbImage image, string path) => AtomicFile.Write(path, image.SavePng);

    /// <summary>Writes a PNG file to a stream, which stays open.</summary>
    /// <inheritdoc cref="ToPng" path="/exception"/>
    public static void SavePng(this RgbImage image, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToPng(image));
    }

    /// <summary>Writes a JPEG file. It is written aside and then renamed: where that fails, a file of this name stays as it was.</summary>
    /// <inheritdoc cref="ToJpeg" path="/exception"/>
    public static void SaveJpeg(this RgbImage image, string path, int quality = 90) => AtomicFile.Write(path, stream => image.SaveJpeg(stream, quality));

    /// <summary>Writes a JPEG file to a stream, which stays open.</summary>
    /// <inheritdoc cref="ToJpeg" path="/exception"/>
    public static void SaveJpeg(this RgbImage image, Stream stream, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToJpeg(image, quality));
    }

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality, int maxSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Math.Max(image.Width, image.Height) > maxSide)
            throw new ArgumentException($"{format} takes at most {maxSide} pixels a side, but the picture has {image.Width} × {image.Height}; resize it first.", nameof(image));
        using SKBitmap bitmap = image.ToSkia();
        using SKData data = bitmap.Encode(format, quality)
            ?? throw new InvalidOperationException($"SkiaSharp could not encode a picture of {image.Width} × {image.Height} pixels as {format}.");
        return data.ToArray();
    }

    private static SKImageInfo Rgba(int width, int height, SKAlphaType alpha) =>
        new(width, height, SKColorType.Rgba8888, alpha, SKColorSpace.CreateSrgb());
}
