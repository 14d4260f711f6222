using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.IO;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace ScoreCam.Cli;

/// <summary>Reads and writes picture files: JPEG, PNG, WebP, GIF (the first frame), BMP, TIFF and PNM.</summary>
internal static class PictureFile
{
    /// <summary>A picture of more pixels is refused before it is decoded.</summary>
    private const int MaxPixels = 100_000_000;

    /// <summary>ImageSharp paints the missing part of a JPEG file grey, without an error.</summary>
    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    /// <summary>Reads a picture, upright.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no picture, is damaged or too large; the message names it.
    /// </exception>
    public static RgbImage Load(string path) => File.Exists(path)
        ? Decode(LimitedReader.ReadBytes(path, int.MaxValue, nameof(MaxPixels)), $"'{path}'")
        : throw new FileNotFoundException($"there is no picture '{path}'", path);

    /// <inheritdoc cref="Load(string)"/>
    public static RgbImage Load(byte[] bytes) => Decode(bytes, "The picture");

    public static void SavePng(this RgbImage picture, string path) => File.WriteAllBytes(path, picture.ToPng());

    public static byte[] ToPng(this RgbImage picture) => Encode(picture, new PngEncoder());

    public static byte[] ToJpeg(this RgbImage picture, int quality) =>
        Encode(picture, new JpegEncoder { Quality = quality });

    private static RgbImage Decode(byte[] bytes, string source)
    {
        try
        {
            IImageInfo info = Image.Identify(bytes)
                ?? throw new InvalidDataException(
                    $"{source} is not a picture that can be decoded; "
                    + "expected a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file");
            if ((long)info.Width * info.Height > MaxPixels)
                throw new InvalidDataException(
                    $"{source} is a picture of {info.Width} × {info.Height} pixels; at most {MaxPixels} are read");
            if (bytes is [0xFF, 0xD8, ..] && bytes.AsSpan().LastIndexOf(JpegEnd) < 0)
                throw new InvalidDataException($"{source} is cut short: the end of the JPEG file is missing");
            using Image<Rgba32> image = Image.Load<Rgba32>(bytes);
            image.Mutate(operation => operation.AutoOrient());
            return image.ToRgbImage();
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{source} is a damaged picture: {e.Message}", e);
        }
    }

    private static byte[] Encode(RgbImage picture, IImageEncoder encoder)
    {
        using Image<Rgb24> image = picture.ToImageSharp();
        using MemoryStream stream = new();
        image.Save(stream, encoder);
        return stream.ToArray();
    }
}
