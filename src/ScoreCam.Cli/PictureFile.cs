using ScoreCam.Images;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.Cli;

/// <summary>Writes picture files.</summary>
internal static class PictureFile
{
    public static void SavePng(this RgbImage picture, string path) => File.WriteAllBytes(path, picture.ToPng());

    public static byte[] ToPng(this RgbImage picture) => Encode(picture, new PngEncoder());

    public static byte[] ToJpeg(this RgbImage picture, int quality) =>
        Encode(picture, new JpegEncoder { Quality = quality });

    private static byte[] Encode(RgbImage picture, IImageEncoder encoder)
    {
        using Image<Rgb24> image = picture.ToImageSharp();
        using MemoryStream stream = new();
        image.Save(stream, encoder);
        return stream.ToArray();
    }
}
