using ScoreCam.Images;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.Cli.Report;

/// <summary>Photographs, maps and colours inside of a page.</summary>
internal static class EmbeddedPictures
{
    private const int MaxSide = 360, Quality = 78;

    /// <summary>
    /// A photograph, as small as the page shows it, as a rule of a style sheet, so that it stands in the page once.
    /// </summary>
    public static string Rule(string key, RgbImage picture)
    {
        double scale = Math.Min(1, (double)MaxSide / Math.Max(picture.Width, picture.Height));
        RgbImage small = picture.Resize(Side(picture.Width * scale), Side(picture.Height * scale));
        using Image<Rgb24> image = small.ToImageSharp();
        using MemoryStream file = new();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = Quality });
        return $".{key}{{--photo:url(data:image/jpeg;base64,{Convert.ToBase64String(file.ToArray())})}}";
    }

    /// <summary>A map as one byte per cell, 255 for 1, in base64.</summary>
    public static string Cells(SaliencyMap map)
    {
        byte[] cells = new byte[map.Values.Length];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = (byte)MathF.Round(255 * Math.Clamp(map.Values[i], 0, 1));
        return Convert.ToBase64String(cells);
    }

    /// <summary>A map with at most so many cells along its longer side.</summary>
    public static SaliencyMap Coarse(SaliencyMap map, int side)
    {
        double scale = Math.Min(1, (double)side / Math.Max(map.Width, map.Height));
        return map.Resize(Side(map.Width * scale), Side(map.Height * scale));
    }

    /// <summary>The colours of the maps: 256 times red, green and blue, in base64.</summary>
    public static string Colormap()
    {
        byte[] colors = new byte[3 * 256];
        for (int i = 0; i < 256; i++)
            (colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2]) = Rendering.Colormap.Turbo.Map(i / 255f);
        return Convert.ToBase64String(colors);
    }

    private static int Side(double side) => Math.Max(1, (int)Math.Round(side));
}
