namespace ScoreCam.PictureFiles;

/// <summary>Reads BMP files of Windows and OS/2.</summary>
internal static class BmpFile
{
    private const int CoreHeaderBytes = 12, InfoHeaderBytes = 40;
    private const int BitFields = 3;

    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file, littleEndian: true);
        bool isCore = view.UInt32(14) == CoreHeaderBytes;
        // A negative height means that the rows are stored from top to bottom.
        return new()
        {
            Format = "BMP",
            Width = isCore ? view.UInt16(18) : (int)view.UInt32(18),
            Height = isCore ? view.UInt16(20) : Math.Abs((long)(int)view.UInt32(22)),
            // A fourth byte is alpha only if the header has a mask for it.
            HasAlpha = view.UInt32(14) > InfoHeaderBytes && view.UInt32(30) == BitFields && view.UInt32(66) != 0,
        };
    }

    /// <summary>Rejects a file that ends before its last row.</summary>
    /// <exception cref="EndOfStreamException">The file ends within its pixels.</exception>
    public static void RequirePixels(ReadOnlySpan<byte> file, PictureHeader header)
    {
        ByteView view = new(file, littleEndian: true);
        bool isCore = view.UInt32(14) == CoreHeaderBytes;
        bool isRunLengthEncoded = !isCore && view.UInt32(30) is 1 or 2;
        long rowBytes = ((header.Width * view.UInt16(isCore ? 24 : 28)) + 31) / 32 * 4;
        if (!isRunLengthEncoded)
            view.At(view.UInt32(10), rowBytes * header.Height);
    }
}
