using System.Buffers.Binary;

namespace ScoreCam.PictureFiles;

/// <summary>Reads WebP files: RIFF chunks, each with a type, a length and data.</summary>
internal static class WebpFile
{
    private const int RiffBytes = 12, ChunkHeaderBytes = 8, FrameHeaderBytes = 16;
    private const int AlphaFlag = 0x10;

    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file, littleEndian: true);
        if (view.UInt32(4) + ChunkHeaderBytes > view.Length + 1)
            throw new EndOfStreamException();
        int orientation = 1;
        for (long at = RiffBytes; at + ChunkHeaderBytes <= view.Length; at = Next(view, at))
            if (view.Has(at, "EXIF"u8))
                orientation = ExifOrientation.Read(view.At(at + ChunkHeaderBytes, Size(view, at)));
        (long width, long height) = Pixels(view, RiffBytes);
        return new() { Format = "WebP", Width = width, Height = height, Orientation = orientation };
    }

    /// <summary>Returns the first frame of an animation as a separate file, and its position.</summary>
    /// <returns>The frame; null if the file is not an animation.</returns>
    /// <exception cref="EndOfStreamException">The file ends within its pixels.</exception>
    public static Frame? FirstFrame(ReadOnlySpan<byte> file)
    {
        ByteView view = new(file, littleEndian: true);
        for (long at = RiffBytes; at + ChunkHeaderBytes <= view.Length; at = Next(view, at))
        {
            if (view.Has(at, "VP8 "u8) || view.Has(at, "VP8L"u8))
            {
                view.At(at + ChunkHeaderBytes, Size(view, at));
                return null;
            }
            if (!view.Has(at, "ANMF"u8))
                continue;
            long frame = at + ChunkHeaderBytes;
            ReadOnlySpan<byte> chunks = view.At(frame + FrameHeaderBytes, Size(view, at) - FrameHeaderBytes);
            // The position is stored in steps of two pixels.
            return new Frame(
                Still(chunks, view.At(frame + 6, 6)), 2 * UInt24(view, frame), 2 * UInt24(view, frame + 3));
        }
        throw new EndOfStreamException();
    }

    /// <summary>Creates a file with one picture.</summary>
    /// <param name="chunks">The pixels and their transparency.</param>
    /// <param name="size">The size, as a frame and a canvas store it.</param>
    private static byte[] Still(ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> size)
    {
        bool hasAlphaChunk = chunks.StartsWith("ALPH"u8);
        byte[] canvas = hasAlphaChunk ? [.. "VP8X"u8, 10, 0, 0, 0, AlphaFlag, 0, 0, 0, .. size] : [];
        byte[] still = [.. "RIFF\0\0\0\0WEBP"u8, .. canvas, .. chunks];
        BinaryPrimitives.WriteInt32LittleEndian(still.AsSpan(4), still.Length - ChunkHeaderBytes);
        return still;
    }

    private static (long Width, long Height) Pixels(ByteView view, long at)
    {
        long data = at + ChunkHeaderBytes;
        if (view.Has(at, "VP8X"u8))
            return (1 + UInt24(view, data + 4), 1 + UInt24(view, data + 7));
        if (view.Has(at, "VP8 "u8))
            return (view.UInt16(data + 6) & 0x3FFF, view.UInt16(data + 8) & 0x3FFF);
        if (!view.Has(at, "VP8L"u8))
            throw new DecodingException("its first chunk is not VP8, VP8L or VP8X");
        // After one byte: 14 bits of width - 1, then 14 bits of height - 1.
        long bits = view.UInt32(data + 1);
        return (1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
    }

    private static long Size(ByteView view, long chunk) => view.UInt32(chunk + 4);

    // One byte of padding follows data of odd length.
    private static long Next(ByteView view, long chunk) => chunk + ChunkHeaderBytes + ((Size(view, chunk) + 1) & ~1L);

    private static int UInt24(ByteView view, long at) => view.UInt16(at) | (view[at + 2] << 16);
}
