using ScoreCam.Images;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.Tests.Support;

/// <summary>Photographs of the repository, as small JPEG files.</summary>
internal static class JpegFile
{
    /// <summary>Writes a photograph at 160 × 120 pixels.</summary>
    /// <param name="photo">The path of the photograph.</param>
    /// <param name="path">The file to write.</param>
    public static void Write(string photo, string path)
    {
        RgbImage small = ImageSharpImage.Load(photo).Resize(160, 120);
        using Image<Rgb24> image = small.ToImageSharp();
        using FileStream file = File.Create(path);
        image.SaveAsJpeg(file);
    }
}
