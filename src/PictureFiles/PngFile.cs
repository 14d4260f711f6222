namespace ScoreCam.PictureFiles;

/// <summary>Reads PNG files: a sequence of chunks, each with a length, a type, data and a checksum.</summary>
internal static class PngFile
{
    /// <summary>The number of bytes for the length, type and checksum of a chunk.</summary>
    private const int ChunkOverhead = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static PictureHeader ReadHeader(ByteView view)
    {
        if (!view.Has(12, "IHDR"u8))
            throw new DecodingException("its first chunk is not IHDR");
        int orientation = 1;
        for (long at = Signature.Length; at + ChunkOverhead <= view.Length; at += ChunkOverhead + view.UInt32(at))
            if (view.Has(at + 4, "eXIf"u8))
                orientation = ExifOrientation.Read(view.At(at + 8, Math.Min(view.UInt32(at), view.Length - at - 8)));
        return new()
        {
            Format = "PNG",
            Width = view.UInt32(16),
            Height = view.UInt32(20),
            Orientation = orientation,
            IsDeep = view[24] == 16,
        };
    }

    /// <summary>
    /// Returns the file with only the chunks that its pixels need. Animation frames, colour profiles and texts are
    /// removed, and a missing end is added.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file ends within its pixels.</exception>
    public static byte[] Essence(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file);
        using MemoryStream essence = new(file.Length);
        essence.Write(Signature);
        long at = Signature.Length;
        for (bool hasPixels = false; !view.Has(at + 4, "IEND"u8); at += ChunkOverhead + view.UInt32(at))
        {
            bool isCut = at + ChunkOverhead > view.Length || at + ChunkOverhead + view.UInt32(at) > view.Length;
            bool isPixels = view.Has(at + 4, "IDAT"u8);
            if (isCut && hasPixels && !isPixels)
                break;
            if (isPixels || view.Has(at + 4, "IHDR"u8) || view.Has(at + 4, "PLTE"u8) || view.Has(at + 4, "tRNS"u8))
                essence.Write(view.At(at, ChunkOverhead + view.UInt32(at)));
            else if (isCut)
                throw new EndOfStreamException();
            hasPixels |= isPixels;
        }
        // IEND has no data; its checksum is always the same.
        essence.Write([0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82]);
        return essence.ToArray();
    }
}
