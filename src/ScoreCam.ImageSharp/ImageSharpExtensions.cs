using ScoreCam.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>
/// Converts between <see cref="RgbImage"/> and ImageSharp images. Thread-safe, if the image is not changed at the same
/// time.
/// </summary>
public static class ImageSharpExtensions
{
    /// <summary>
    /// Converts the stored pixels of the image's first frame. Transparent pixels are blended with white. The image is
    /// not changed. Neither the EXIF orientation nor a colour profile is applied. For pictures from a camera, call
    /// <c>image.Mutate(x =&gt; x.AutoOrient())</c> first, or load the file with <see cref="ImageSharpImage"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The image is too large for an <see cref="RgbImage"/>.</exception>
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

    /// <summary>
    /// Creates an ImageSharp image with the same pixels. The caller disposes it. To save it, use ImageSharp's own
    /// methods, such as <c>SaveAsPng</c>.
    /// </summary>
    public static Image<Rgb24> ToImageSharp(this RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
    }
}
