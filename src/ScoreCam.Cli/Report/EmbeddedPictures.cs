using ScoreCam.Images;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.Cli.Report;

/// <summary>Encodes photographs, maps and colours for embedding in a page.</summary>
internal static class EmbeddedPictures
{
    private const int MaxSide = 360, Quality = 78;

    /// <summary>
    /// Returns a photograph as a style-sheet rule, scaled down to the size on the page. As a rule, it is embedded only
    /// once.
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

    /// <summary>Encodes a map as base64, with one byte per cell and 255 for 1.</summary>
    public static string Cells(SaliencyMap map)
    {
        byte[] cells = new byte[map.Values.Length];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = (byte)MathF.Round(255 * Math.Clamp(map.Values[i], 0, 1));
        return Convert.ToBase64String(cells);
    }

    /// <summary>Reduces a map to a limited number of cells along its longer side.</summary>
    public static SaliencyMap Coarse(SaliencyMap map, int side)
    {
        double scale = Math.Min(1, (double)side / Math.Max(map.Width, map.Height));
        return map.Resize(Side(map.Width * scale), Side(map.Height * scale));
    }

    /// <summary>Encodes the colours of the maps as base64: 256 entries of red, green and blue.</summary>
    public static string Colormap()
    {
        byte[] colors = new byte[3 * 256];
        for (int i = 0; i < 256; i++)
            (colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2]) = Rendering.Colormap.Turbo.Map(i / 255f);
        return Convert.ToBase64String(colors);
    }

    private static int Side(double side) => Math.Max(1, (int)Math.Round(side));
}
