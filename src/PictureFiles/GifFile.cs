namespace ScoreCam.PictureFiles;

/// <summary>Reads GIF files: a screen, followed by blocks. Each image block is one frame.</summary>
internal static class GifFile
{
    private const int HeaderBytes = 13, DescriptorBytes = 10;
    private const byte Extension = 0x21, Image = 0x2C, Trailer = 0x3B;

    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file, littleEndian: true);
        long image = FirstImage(view);
        // A frame can be larger than the screen.
        return new()
        {
            Format = "GIF",
            Width = Math.Max(view.UInt16(6), view.UInt16(image + 1) + view.UInt16(image + 5)),
            Height = Math.Max(view.UInt16(8), view.UInt16(image + 3) + view.UInt16(image + 7)),
        };
    }

    /// <summary>
    /// Returns the first frame as a separate file, whose screen is as large as the frame, and its position.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file ends within the frame.</exception>
    public static Frame FirstFrame(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file, littleEndian: true);
        long image = FirstImage(view);
        // One byte follows the colour table, and then the pixels.
        long end = SkipBlocks(view, image + DescriptorBytes + TableBytes(view[image + 9]) + 1);
        byte[] frame = [.. file[..(int)end], Trailer];
        Span<byte> descriptor = frame.AsSpan((int)image + 1);
        descriptor.Slice(4, 4).CopyTo(frame.AsSpan(6));
        descriptor[..4].Clear();
        return new Frame(frame, view.UInt16(image + 1), view.UInt16(image + 3));
    }

    private static long FirstImage(ByteView view)
    {
        long at = HeaderBytes + TableBytes(view[10]);
        while (view[at] != Image)
            at = view[at] == Extension ? SkipBlocks(view, at + 2) : throw new DecodingException("it has no frame");
        return at;
    }

    // The lowest three bits of the flags give the number of colours in a table.
    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>
    /// Skips data blocks. Each block has at most 255 bytes and begins with its length. An empty block is the last.
    /// </summary>
    private static long SkipBlocks(ByteView view, long at)
    {
        while (view[at] != 0)
            at += 1 + view[at];
        return at + 1;
    }
}
