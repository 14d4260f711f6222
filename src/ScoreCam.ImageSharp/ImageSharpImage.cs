using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>
/// Loads picture files with ImageSharp: JPEG, PNG, WebP, GIF, BMP, TIFF and PNM. The EXIF orientation is applied, so
/// the picture is upright. Transparent pixels are blended with white, and the picture is not resized. From an animation
/// or a file with several pages, the first frame or page is loaded. Colour profiles and gamma values are ignored, as in
/// Pillow and torchvision. The pixels equal Pillow's, except that pixels of JPEG files can differ by a few steps of
/// 255. Thread-safe.
/// </summary>
public static class ImageSharpImage
{
    /// <summary>The default limit on the number of decoded pixels: 100 million.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    private static readonly PictureLoader Loader =
        new("ImageSharp", ["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF"], Decode);

    /// <summary>Loads a picture from a file.</summary>
    /// <param name="path">The path of a picture file.</param>
    /// <param name="maxPixels">
    /// The largest accepted number of pixels. A larger picture is rejected before it is decoded. A file of more than 8
    /// bytes per accepted pixel plus 64 MiB is rejected before it is read.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not a picture, is damaged or truncated, or has too many pixels. The message names the file.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public static RgbImage Load(string path, long maxPixels = DefaultMaxPixels) => Loader.Load(path, maxPixels);

    /// <summary>Loads a picture from a stream, from the current position to the end. The stream stays open.</summary>
    /// <param name="stream">A stream with the bytes of a picture file.</param>
    /// <param name="maxPixels">
    /// The largest accepted number of pixels. A larger picture is rejected before it is decoded. A stream of more than
    /// 8 bytes per accepted pixel plus 64 MiB is rejected while it is read.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The stream is not a picture, is damaged or truncated, or has too many pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public static RgbImage Load(Stream stream, long maxPixels = DefaultMaxPixels) => Loader.Load(stream, maxPixels);

    /// <summary>Loads a picture from the bytes of a picture file.</summary>
    /// <param name="bytes">The bytes of the whole file.</param>
    /// <param name="maxPixels">
    /// The largest accepted number of pixels. A larger picture is rejected before it is decoded.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The bytes are not a picture, are damaged or truncated, or the picture has too many pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public static RgbImage Load(ReadOnlySpan<byte> bytes, long maxPixels = DefaultMaxPixels) =>
        Loader.Load(bytes, maxPixels);

    // ImageSharp decodes all frames and pages, and it fills in missing pixels without an error. Its options for frames
    // differ between versions. Therefore this method checks the file and cuts it to its first frame.
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
