using ScoreCam.AdapterContract;
using ScoreCam.Images;
using SkiaSharp;

namespace ScoreCam.Skia.Tests;

/// <summary>What the contract needs of SkiaSharp.</summary>
internal static class Adapter
{
    public static bool DoesNotRead(string format) => format == "tiff";

    /// <summary>The largest difference to Pillow.</summary>
    public static int Tolerance(PillowPicture picture) => picture.Name switch
    {
        // 5 bits become 8 in different ways.
        "bmp 16 bits" => 1,
        _ => 0,
    };

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

    public static byte[] EncodePng(RgbImage image) => Encode(image, SKEncodedImageFormat.Png, 100);

    public static byte[] EncodeJpeg(RgbImage image, int quality) => Encode(image, SKEncodedImageFormat.Jpeg, quality);

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = image.ToSkia();
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
