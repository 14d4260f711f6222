using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>Converts RGBA bitmaps to opaque RGB.</summary>
internal static class RgbPixels
{
    /// <summary>Converts the bitmap's pixels. Transparent pixels are blended with white.</summary>
    /// <param name="bitmap">An RGBA bitmap, 8 bits per channel, not premultiplied.</param>
    public static RgbImage From(SKBitmap bitmap)
    {
        byte[] pixels = new byte[3 * bitmap.Width * bitmap.Height];
        OpaquePixels.LayOnWhite(bitmap.GetPixelSpan(), pixels);
        return new RgbImage(bitmap.Width, bitmap.Height, pixels);
    }
}
