using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Rendering;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.Cli.Report;

/// <summary>Pictures inside of a page.</summary>
internal static class DataUri
{
    private const int MaxSide = 400;

    /// <summary>A photograph, as small as the page shows it.</summary>
    public static string Photo(RgbImage picture)
    {
        double scale = Math.Min(1, (double)MaxSide / Math.Max(picture.Width, picture.Height));
        return Jpeg(picture.Resize(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale))), 80);
    }

    /// <summary>A map in colours; the browser smooths it when it enlarges it.</summary>
    public static string Map(SaliencyMap map, bool signed = false) =>
        Jpeg(Overlay.Draw(new RgbImage(map.Width, map.Height, new byte[3 * map.Width * map.Height]), map, new() { Opacity = 1, Signed = signed }), 90);

    private static string Jpeg(RgbImage picture, int quality)
    {
        using Image<Rgb24> image = picture.ToImageSharp();
        using MemoryStream file = new();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = quality });
        return $"data:image/jpeg;base64,{Convert.ToBase64String(file.ToArray())}";
    }
}
