using ScoreCam.AdapterContract;
using ScoreCam.Images;
using SkiaSharp;

namespace ScoreCam.Skia.Tests;

/// <summary>The functions of SkiaSharp that the contract needs.</summary>
internal static class Adapter
{
    public static bool DoesNotRead(string format) => format == "tiff";

    /// <summary>The largest allowed difference from Pillow.</summary>
    public static int Tolerance(PillowPicture picture) => picture.Name switch
    {
        // The libraries convert 5 bits to 8 bits in different ways.
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
