using ScoreCam.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp.Tests;

/// <summary>ImageSharp's side of the contract.</summary>
internal static class Adapter
{
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

    /// <summary>The RGB bytes of a picture file, as ImageSharp alone reads them.</summary>
    public static byte[] Decode(byte[] file)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        byte[] pixels = new byte[3 * image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }
}
