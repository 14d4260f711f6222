namespace ScoreCam.PictureFiles;

/// <summary>Reads TIFF files: directories of tagged values, one per page.</summary>
internal static class TiffFile
{
    private const int Width = 256, Height = 257, BitsPerSample = 258, Compression = 259;
    private const int StripOffsets = 273, StripByteCounts = 279, TileOffsets = 324, TileByteCounts = 325;
    private const int EntryBytes = 12, UInt16Type = 3;

    public static bool IsTiff(ByteView view) => view.Has(0, "II*\0"u8) || view.Has(0, "MM\0*"u8);

    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        ByteView view = View(file);
        long directory = view.UInt32(4);
        return new()
        {
            Format = "TIFF",
            Width = Values(view, directory, Width) is [var width, ..] ? width : 0,
            Height = Values(view, directory, Height) is [var height, ..] ? height : 0,
            Orientation = ExifOrientation.Read(view, directory),
            IsDeep = Values(view, directory, BitsPerSample) is [> 8, ..],
        };
    }

    /// <summary>Returns the file with only its first page.</summary>
    /// <exception cref="EndOfStreamException">The file ends within the pixels of that page.</exception>
    /// <exception cref="DecodingException">The page has fax compression.</exception>
    public static byte[] FirstPage(ReadOnlySpan<byte> file)
    {
        ByteView view = View(file);
        long directory = view.UInt32(4);
        // ImageSharp 2.1 reads fax compression with black and white exchanged.
        if (Values(view, directory, Compression) is [2 or 3 or 4, ..])
            throw new DecodingException("CCITT (fax) compression is not supported");
        RequireParts(view, Values(view, directory, StripOffsets), Values(view, directory, StripByteCounts));
        RequireParts(view, Values(view, directory, TileOffsets), Values(view, directory, TileByteCounts));
        byte[] page = file.ToArray();
        // The position of the next directory; 0 means that there is none.
        int next = (int)directory + 2 + (view.UInt16(directory) * EntryBytes);
        view.At(next, 4);
        page.AsSpan(next, 4).Clear();
        return page;
    }

    private static ByteView View(ReadOnlySpan<byte> file) => new(file, littleEndian: file[0] == 'I');

    private static void RequireParts(ByteView view, long[] offsets, long[] counts)
    {
        foreach ((long offset, long count) in offsets.Zip(counts))
            view.At(offset, count);
    }

    /// <summary>Returns the values of a tag. Empty if the directory does not have the tag.</summary>
    private static long[] Values(ByteView view, long directory, int tag)
    {
        int entries = view.UInt16(directory);
        for (int i = 0; i < entries; i++)
        {
            long entry = directory + 2 + (i * EntryBytes);
            if (view.UInt16(entry) != tag)
                continue;
            bool isShort = view.UInt16(entry + 2) == UInt16Type;
            (long count, int size) = (view.UInt32(entry + 4), isShort ? 2 : 4);
            // Values of up to four bytes are stored in the entry itself.
            long at = count * size <= 4 ? entry + 8 : view.UInt32(entry + 8);
            view.At(at, count * size);
            long[] values = new long[count];
            for (int k = 0; k < count; k++)
                values[k] = isShort ? view.UInt16(at + (k * size)) : view.UInt32(at + (k * size));
            return values;
        }
        return [];
    }
}
