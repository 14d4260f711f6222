using ScoreCam.AdapterContract;
using ScoreCam.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp.Tests;

/// <summary>The functions of ImageSharp that the contract needs.</summary>
internal static class Adapter
{
    public static bool DoesNotRead(string format) => false;

    /// <summary>The largest allowed difference from Pillow.</summary>
    public static int Tolerance(PillowPicture picture) => picture switch
    {
        // The libraries convert 5 bits, and 16 bits of a palette, to 8 bits in different ways.
        { Name: "bmp 16 bits" or "tiff palette" or "tiff jpeg" } => 1,
        // The libraries round the cosine transform in different ways.
        { Format: "jpeg" } => 3,
        _ => 0,
    };

    public static RgbImage FromRgba(int width, int height, byte[] rgba)
    {
        using Image<Rgba32> image = Image.LoadPixelData<Rgba32>(rgba, width, height);
        return image.ToRgbImage();
    }

    public static RgbImage ThereAndBack(RgbImage image)
    {
        using Image<Rgb24> copy = image.ToImageSharp();
        return copy.ToRgbImage();
    }

    public static byte[] EncodePng(RgbImage image)
    {
        using Image<Rgb24> copy = image.ToImageSharp();
        using MemoryStream file = new();
        copy.SaveAsPng(file);
        return file.ToArray();
    }

    public static byte[] EncodeJpeg(RgbImage image, int quality)
    {
        using Image<Rgb24> copy = image.ToImageSharp();
        using MemoryStream file = new();
        copy.SaveAsJpeg(file, new JpegEncoder { Quality = quality });
        return file.ToArray();
    }
}
