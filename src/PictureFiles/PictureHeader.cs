namespace ScoreCam.PictureFiles;

/// <summary>The facts about a picture file's pixels that are known before decoding.</summary>
internal sealed record PictureHeader
{
    /// <summary>The name of the format, for messages.</summary>
    public required string Format { get; init; }

    /// <summary>The number of columns as stored.</summary>
    public required long Width { get; init; }

    /// <summary>The number of rows as stored.</summary>
    public required long Height { get; init; }

    /// <summary>The EXIF orientation, 1 to 8. 1 means that the picture is stored upright.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Whether a pixel has more than 8 bits per channel.</summary>
    public bool IsDeep { get; init; }

    /// <summary>
    /// Whether pixels have an alpha channel. If false, pixels are opaque, and a fourth byte is padding.
    /// </summary>
    public bool HasAlpha { get; init; } = true;

    /// <summary>Whether the file has the end marker of its format.</summary>
    public bool HasEnd { get; init; } = true;

    /// <summary>Reads the header of a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file.</summary>
    /// <returns>The header; null if the file has none of these formats.</returns>
    /// <exception cref="EndOfStreamException">The file ends within the header.</exception>
    /// <exception cref="DecodingException">The header is damaged. The message states how.</exception>
    public static PictureHeader? Read(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file);
        return true switch
        {
            _ when view.Has(0, [0xFF, 0xD8, 0xFF]) => JpegFile.ReadHeader(view),
            _ when view.Has(0, PngFile.Signature) => PngFile.ReadHeader(view),
            _ when view.Has(0, "RIFF"u8) && view.Has(8, "WEBP"u8) => WebpFile.ReadHeader(file),
            _ when view.Has(0, "GIF87a"u8) || view.Has(0, "GIF89a"u8) => GifFile.ReadHeader(file),
            _ when view.Has(0, "BM"u8) => BmpFile.ReadHeader(file),
            _ when TiffFile.IsTiff(view) => TiffFile.ReadHeader(file),
            _ when file is [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] => PnmFile.ReadHeader(file),
            _ => null,
        };
    }
}

/// <summary>One frame of an animation.</summary>
/// <param name="File">A file that contains only this frame.</param>
/// <param name="X">The number of canvas columns before the frame.</param>
/// <param name="Y">The number of canvas rows before the frame.</param>
internal readonly record struct Frame(byte[] File, int X, int Y);
