using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>Converts RGBA bitmaps to opaque RGB.</summary>
internal static class RgbPixels
{
    /// <summary>The bitmap's pixels, transparency laid on white.</summary>
    /// <param name="bitmap">RGBA, 8 bits, not premultiplied.</param>
    public static RgbImage From(SKBitmap bitmap)
    {
        byte[] pixels = new byte[3 * bitmap.Width * bitmap.Height];
        OpaquePixels.LayOnWhite(bitmap.GetPixelSpan(), pixels);
        return new RgbImage(bitmap.Width, bitmap.Height, pixels);
    }
}
