using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>
/// Reads picture files with ImageSharp: JPEG, PNG, WebP, GIF, BMP, TIFF and PNM. The picture comes upright (its EXIF
/// orientation is applied), with transparency laid on white, and never resized. Of an animation and of a file with
/// several pages it is the first. Colour profiles and gamma values are ignored, as in Pillow and torchvision. Pixels
/// equal Pillow's, except that those of JPEG files may differ by a few steps of 255. Thread-safe.
/// </summary>
public static class ImageSharpImage
{
    /// <summary>The default bound on decoded pixels: 100 million.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    private static readonly PictureLoader Loader =
        new("ImageSharp", ["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF"], Decode);

    /// <summary>Reads a file.</summary>
    /// <param name="path">A picture file.</param>
    /// <param name="maxPixels">
    /// A picture with more pixels is refused before it is decoded. A file of more than 8 bytes for each of them and
    /// 64 MiB is refused before it is read.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not a picture, is damaged or cut short, or has too many pixels. The message names the file.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(string path, long maxPixels = DefaultMaxPixels) => Loader.Load(path, maxPixels);

    /// <summary>Reads a stream from its position to its end. The stream stays open.</summary>
    /// <param name="stream">The bytes of a picture file.</param>
    /// <param name="maxPixels">
    /// A picture with more pixels is refused before it is decoded. A stream of more than 8 bytes for each of them and
    /// 64 MiB is refused while it is read.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The stream is not a picture, is damaged or cut short, or has too many pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(Stream stream, long maxPixels = DefaultMaxPixels) => Loader.Load(stream, maxPixels);

    /// <summary>Reads the bytes of a picture file.</summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="maxPixels">A picture with more pixels is refused before it is decoded.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are not a picture, are damaged or cut short, or the picture has too many pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static RgbImage Load(ReadOnlySpan<byte> bytes, long maxPixels = DefaultMaxPixels) =>
        Loader.Load(bytes, maxPixels);

    // ImageSharp decodes all frames and pages, and draws missing pixels without an error. Its options for frames differ
    // between versions. So a file is checked here, and cut to its first frame.
    private static RgbImage Decode(ReadOnlySpan<byte> file, PictureHeader header)
    {
        switch (header.Format)
        {
            case "JPEG" when JpegColors.Of(file) is { } colors:
                return colors.ToRgb(DecodeFrame(colors.Planes, header));
            case "PNG":
                return DecodeFrame(PngFile.Essence(file), header);
            case "TIFF":
                return DecodeFrame(TiffFile.FirstPage(file), header);
            case "BMP":
                BmpFile.RequirePixels(file, header);
                return DecodeFrame(file, header);
            case "GIF":
                return DecodeOnCanvas(GifFile.FirstFrame(file), header);
            case "WebP" when WebpFile.FirstFrame(file) is { } frame:
                return DecodeOnCanvas(frame, header);
            default:
                return DecodeFrame(file, header);
        }
    }

    private static RgbImage DecodeOnCanvas(Frame frame, PictureHeader header)
    {
        RgbImage picture = DecodeFrame(frame.File, header);
        return OpaquePixels.Place(picture, frame.X, frame.Y, (int)header.Width, (int)header.Height);
    }

    private static RgbImage DecodeFrame(ReadOnlySpan<byte> file, PictureHeader header)
    {
        try
        {
            if (header.IsDeep)
                return Read<Rgba64>(file, RgbPixels.UpperBytes);
            return header.HasAlpha ? Read<Rgba32>(file, RgbPixels.From) : Read<Rgb24>(file, RgbPixels.From);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new DecodingException(e.Message.TrimEnd('.', '!'), e);
        }
    }

    private static RgbImage Read<TPixel>(ReadOnlySpan<byte> file, Func<Image<TPixel>, RgbImage> convert)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = Image.Load<TPixel>(file);
        return convert(image);
    }
}
