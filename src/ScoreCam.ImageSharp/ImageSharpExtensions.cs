using ScoreCam.Images;
using ScoreCam.IO;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>Between <see cref="RgbImage"/> and ImageSharp, and to PNG and JPEG. Thread-safe, as long as nobody changes the image meanwhile.</summary>
public static class ImageSharpExtensions
{
    private const int MaxJpegSide = 65_535;

    /// <summary>
    /// The image's pixels (of its first frame) as they stand, transparency laid on white; the image is not changed. Neither an EXIF orientation nor a colour
    /// profile is applied: call <c>image.Mutate(x =&gt; x.AutoOrient())</c> before where the picture may come from a camera.
    /// </summary>
    /// <exception cref="ArgumentException">The image is larger than an <see cref="RgbImage"/> holds.</exception>
    /// <exception cref="ObjectDisposedException">The image is disposed.</exception>
    public static RgbImage ToRgbImage<TPixel>(this Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        return RgbPixels.From(image);
    }

    /// <inheritdoc cref="ToRgbImage{TPixel}(Image{TPixel})"/>
    public static RgbImage ToRgbImage(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        RgbPixels.Visitor visitor = new();
        image.AcceptVisitor(visitor);
        return visitor.Result!;
    }

    /// <summary>An image of the same pixels; the caller disposes it.</summary>
    public static Image<Rgb24> ToImageSharp(this RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
    }

    /// <summary>The picture as the bytes of a PNG file; nothing is lost.</summary>
    public static byte[] ToPng(this RgbImage image) => Encode(image, new PngEncoder());

    /// <summary>The picture as the bytes of a JPEG file.</summary>
    /// <param name="image">At most 65,535 pixels a side.</param>
    /// <param name="quality">1…100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not 1…100.</exception>
    /// <exception cref="ArgumentException">The picture is larger than that.</exception>
    public static byte[] ToJpeg(this RgbImage image, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (Math.Max(image.Width, image.Height) > MaxJpegSide)
            throw new ArgumentException($"Jpeg takes at most {MaxJpegSide} pixels a side, but the picture has {image.Width} × {image.Height}; resize it first.", nameof(image));
        return Encode(image, new JpegEncoder { Quality = quality });
    }

    /// <summary>Writes a PNG file. It is written aside and then renamed: where that fails, a file of this name stays as it was.</summary>
    public static void SavePng(this RgbImage image, string path) => AtomicFile.Write(path, image.SavePng);

    /// <summary>Writes a PNG file to a stream, which stays open.</summary>
    public static void SavePng(this RgbImage image, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToPng(image));
    }

    /// <summary>Writes a JPEG file. It is written aside and then renamed: where that fails, a file of this name stays as it was.</summary>
    /// <inheritdoc cref="ToJpeg" path="/exception"/>
    public static void SaveJpeg(this RgbImage image, string path, int quality = 90) => AtomicFile.Write(path, stream => image.SaveJpeg(stream, quality));

    /// <summary>Writes a JPEG file to a stream, which stays open.</summary>
    /// <inheritdoc cref="ToJpeg" path="/exception"/>
    public static void SaveJpeg(this RgbImage image, Stream stream, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToJpeg(image, quality));
    }

    private static byte[] Encode(RgbImage image, IImageEncoder encoder)
    {
        using Image<Rgb24> copy = image.ToImageSharp();
        using MemoryStream stream = new();
        copy.Save(stream, encoder);
        return stream.ToArray();
    }
}
