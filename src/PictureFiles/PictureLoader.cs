using ScoreCam.Images;
using ScoreCam.IO;

namespace ScoreCam.PictureFiles;

/// <summary>Decodes the pixels of one file with an image library.</summary>
/// <param name="file">The bytes of a whole file.</param>
/// <param name="header">The header of the file.</param>
/// <returns>The pixels as stored, with transparent pixels blended with white.</returns>
/// <exception cref="EndOfStreamException">The file ends within its pixels.</exception>
/// <exception cref="DecodingException">The library cannot decode the file. The message states why.</exception>
internal delegate RgbImage PixelDecoder(ReadOnlySpan<byte> file, PictureHeader header);

/// <summary>
/// The shared part of the loaders for all image libraries: the limits on bytes and pixels, the error messages, the
/// orientation, and JPEG files without an end marker. Thread-safe.
/// </summary>
/// <param name="library">The name of the image library, for messages.</param>
/// <param name="formats">The formats that the library reads. PNM does not need a library.</param>
/// <param name="decode">Decodes a file with the library.</param>
internal sealed class PictureLoader(string library, string[] formats, PixelDecoder decode)
{
    /// <summary>The largest number of pixels of any picture, limited by the size of an array of RGBA bytes.</summary>
    private static readonly long MostPixels = Array.MaxLength / 4;

    // The largest number of bytes of any picture file: 64 MiB plus 8 per pixel, as in uncompressed 16-bit RGBA.
    private const int OtherBytes = 64 << 20, MostBytesPerPixel = 8;

    // Bits to append to a JPEG file without an end marker. These two differ everywhere.
    private static readonly byte[] SomeBits = [.. Enumerable.Repeat((byte)0xAA, 1024)];
    private static readonly byte[] OtherBits = [.. Enumerable.Repeat((byte)0x55, 1024)];

    public RgbImage Load(string path, long maxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no picture file '{path}'.", path);
        byte[] file = LimitedReader.ReadBytes(path, MaxBytes(maxPixels), nameof(maxPixels));
        return Load(file, maxPixels, $"'{path}'");
    }

    public RgbImage Load(Stream stream, long maxPixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        const string Source = "The stream";
        byte[] file = LimitedReader.ReadBytes(stream, MaxBytes(maxPixels), nameof(maxPixels), Source);
        return Load(file, maxPixels, Source);
    }

    public RgbImage Load(ReadOnlySpan<byte> file, long maxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        return Load(file, maxPixels, "The data");
    }

    private static int MaxBytes(long maxPixels) =>
        (int)Math.Min(Array.MaxLength, OtherBytes + (MostBytesPerPixel * Math.Min(maxPixels, MostPixels)));

    private RgbImage Load(ReadOnlySpan<byte> file, long maxPixels, string source)
    {
        try
        {
            PictureHeader header = PictureHeader.Read(file)
                ?? throw new InvalidDataException($"{source} {FileKind.Describe(file)} {Expected}");
            if (!Formats.Contains(header.Format))
                throw new InvalidDataException(
                    $"{source} is a {header.Format} picture, which {library} does not read. {Expected}");
            RequireSize(header, Math.Min(maxPixels, MostPixels), source);
            RgbImage stored = header switch
            {
                { Format: "PNM" } => PnmFile.Decode(file),
                { HasEnd: false } => DecodeWithoutEnd(file, header),
                _ => decode(file, header),
            };
            return OpaquePixels.Upright(stored, header.Orientation);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{source} is cut short: it ends before the last row of its picture.", e);
        }
        catch (DecodingException e)
        {
            throw new InvalidDataException(
                $"{source} cannot be decoded: {e.Message}. If other programs open it, save it as PNG or JPEG.", e);
        }
    }

    private string[] Formats { get; } = [.. formats, "PNM"];

    private string Expected => $"Expected a {string.Join(", ", Formats[..^1])} or {Formats[^1]} file.";

    private static void RequireSize(PictureHeader header, long maxPixels, string source)
    {
        if (header.Width <= 0 || header.Height <= 0)
            throw new DecodingException($"its size is {header.Width} × {header.Height} pixels");
        if (header.Width > maxPixels / header.Height)
            throw new InvalidDataException(
                $"{source} is a picture of {header.Width} × {header.Height} pixels, more than the {maxPixels} allowed; "
                + $"raise maxPixels (at most {MostPixels}) if you trust it.");
    }

    /// <summary>
    /// Decodes a JPEG file without an end marker. Decoders draw missing pixels in grey without an error. Therefore the
    /// file is decoded with different bits appended. If no pixel depends on these bits, only the end marker was
    /// missing.
    /// </summary>
    private RgbImage DecodeWithoutEnd(ReadOnlySpan<byte> file, PictureHeader header)
    {
        ReadOnlySpan<byte> data = JpegFile.WithoutEnd(new ByteView(file));
        RgbImage picture = decode([.. data, .. JpegFile.EndMarker], header);
        RgbImage some = decode([.. data, .. SomeBits, .. JpegFile.EndMarker], header);
        RgbImage other = decode([.. data, .. OtherBits, .. JpegFile.EndMarker], header);
        return picture.Pixels.SequenceEqual(some.Pixels) && picture.Pixels.SequenceEqual(other.Pixels)
            ? picture
            : throw new EndOfStreamException();
    }
}

/// <summary>
/// Thrown if the file is damaged or unusual. The message is the end of a sentence that describes the problem.
/// </summary>
internal sealed class DecodingException(string message, Exception? inner = null) : Exception(message, inner);
