using ScoreCam.Images;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>
/// Converts between <see cref="RgbImage"/> and SkiaSharp bitmaps. Thread-safe, if the bitmap is not changed at the same
/// time.
/// </summary>
public static class SkiaExtensions
{
    /// <summary>
    /// Converts the bitmap's pixels. If the bitmap has another colour space, they are converted to sRGB. Transparent
    /// pixels are blended with white. The bitmap is not changed.
    /// </summary>
    /// <exception cref="ArgumentException">The bitmap has no pixels, or its pixels have no colour.</exception>
    /// <exception cref="ObjectDisposedException">The bitmap is disposed.</exception>
    public static RgbImage ToRgbImage(this SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        // Skia would dereference the null pointer and end the process.
        ObjectDisposedException.ThrowIf(bitmap.Handle == IntPtr.Zero, bitmap);
        using SKPixmap? pixels = bitmap.PeekPixels();
        string description = $"The bitmap ({bitmap.Width} × {bitmap.Height}, {bitmap.ColorType})";
        if (pixels is null || bitmap.IsEmpty)
            throw new ArgumentException($"{description} has no pixels.", nameof(bitmap));
        using SKBitmap rgba = new(Rgba(bitmap.Width, bitmap.Height, SKAlphaType.Unpremul));
        if (!pixels.ReadPixels(rgba.Info, rgba.GetPixels(), rgba.RowBytes))
            throw new ArgumentException($"{description} cannot be converted to RGB.", nameof(bitmap));
        return RgbPixels.From(rgba);
    }

    /// <summary>
    /// Creates a bitmap with the same pixels (RGBA, opaque, sRGB). The caller disposes it. To save it, use SkiaSharp's
    /// own method <c>Encode</c>.
    /// </summary>
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

    private static SKImageInfo Rgba(int width, int height, SKAlphaType alpha) =>
        new(width, height, SKColorType.Rgba8888, alpha, SKColorSpace.CreateSrgb());
}
