using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>
/// Loads picture files with SkiaSharp: JPEG, PNG, WebP, GIF, BMP and PNM. The EXIF orientation is applied, so the
/// picture is upright. Transparent pixels are blended with white, and the picture is not resized. From an animation,
/// the first frame is loaded. Colour profiles and gamma values are ignored, as in Pillow and torchvision. The pixels
/// equal Pillow's. Thread-safe.
/// </summary>
public static class SkiaImage
{
    /// <summary>The default limit on the number of decoded pixels: 100 million.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    private static readonly PictureLoader Loader = new("SkiaSharp", ["JPEG", "PNG", "WebP", "GIF", "BMP"], Decode);

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
    /// <param name="bytes">The bytes of the whole file. They are copied.</param>
    /// <param name="maxPixels">
    /// The largest accepted number of pixels. A larger picture is rejected before it is decoded.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The bytes are not a picture, are damaged or truncated, or the picture has too many pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public static RgbImage Load(ReadOnlySpan<byte> bytes, long maxPixels = DefaultMaxPixels) =>
        Loader.Load(bytes, maxPixels);

    private static RgbImage Decode(ReadOnlySpan<byte> file, PictureHeader header)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKMemoryStream stream = new(data);
        using SKCodec codec = SKCodec.Create(stream, out SKCodecResult opened) ?? throw Failure(opened);
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > header.Width * header.Height)
            throw new DecodingException($"its header says {header.Width} × {header.Height}, not {width} × {height}");

        // Without a colour space, Skia does not convert colours.
        SKImageInfo asStored = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colorspace: null);
        using SKBitmap bitmap = new();
        if (!bitmap.TryAllocPixels(asStored))
            throw new DecodingException($"there is not enough memory for its {width} × {height} pixels");
        SKCodecResult result = codec.GetPixels(asStored, bitmap.GetPixels());
        return result == SKCodecResult.Success ? RgbPixels.From(bitmap) : throw Failure(result);
    }

    private static Exception Failure(SKCodecResult result) => result == SKCodecResult.IncompleteInput
        ? new EndOfStreamException()
        : new DecodingException($"SkiaSharp reports {result}");
}
