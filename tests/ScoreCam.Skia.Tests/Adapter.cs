using ScoreCam.Images;
using SkiaSharp;

namespace ScoreCam.Skia.Tests;

/// <summary>SkiaSharp's side of the contract.</summary>
internal static class Adapter
{
    public static RgbImage FromRgba(int width, int height, byte[] rgba)
    {
        using SKBitmap bitmap = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        rgba.CopyTo(bitmap.GetPixelSpan());
        return bitmap.ToRgbImage();
    }

    public static RgbImage ThereAndBack(RgbImage image)
    {
        using SKBitmap bitmap = image.ToSkia();
        return bitmap.ToRgbImage();
    }

    /// <summary>The RGB bytes of a picture file, as SkiaSharp alone reads them.</summary>
    public static byte[] Decode(byte[] file)
    {
        using SKBitmap bitmap = SKBitmap.Decode(file);
        return [.. bitmap.Pixels.SelectMany(pixel => new[] { pixel.Red, pixel.Green, pixel.Blue })];
    }
}
