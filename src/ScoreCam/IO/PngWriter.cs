using System.Buffers.Binary;
using System.IO.Compression;

namespace ScoreCam.IO;

/// <summary>Writes PNG files with 16-bit grey pixels or 8-bit RGB pixels.</summary>
internal static class PngWriter
{
    private const byte Gray = 0, TrueColor = 2;
    private const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <summary>Writes 16-bit grey pixels.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="pixels">The pixels, row by row.</param>
    public static void WriteGray16(Stream stream, int width, ReadOnlySpan<ushort> pixels)
    {
        byte[] bytes = new byte[checked(2 * pixels.Length)];
        for (int i = 0; i < pixels.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), pixels[i]);
        Write(stream, width, bytes, bitDepth: 16, Gray, pixelBytes: 2);
    }

    /// <summary>Writes 8-bit RGB pixels.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="pixels">The interleaved bytes, row by row.</param>
    public static void WriteRgb(Stream stream, int width, ReadOnlySpan<byte> pixels) =>
        Write(stream, width, pixels, bitDepth: 8, TrueColor, pixelBytes: 3);

    private static void Write(
        Stream stream, int width, ReadOnlySpan<byte> pixels, byte bitDepth, byte colorType, int pixelBytes)
    {
        int stride = width * pixelBytes;
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / stride);
        (header[8], header[9]) = (bitDepth, colorType);
        stream.Write(Signature);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(pixels, stride, pixelBytes));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int stride, int pixelBytes)
    {
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] blank = new byte[stride];
            byte[][] filtered = [.. Enumerable.Range(0, Paeth + 1).Select(_ => new byte[1 + stride])];
            for (int start = 0; start < pixels.Length; start += stride)
            {
                ReadOnlySpan<byte> above = start == 0 ? blank : pixels.Slice(start - stride, stride);
                zlib.Write(Smallest(pixels.Slice(start, stride), above, pixelBytes, filtered));
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    // Returns the row in the filter whose differences have the smallest sum, as the PNG specification suggests.
    private static byte[] Smallest(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, byte[][] filtered)
    {
        byte[] best = [];
        long smallest = long.MaxValue;
        for (int filter = None; filter <= Paeth; filter++)
        {
            byte[] bytes = filtered[filter];
            bytes[0] = (byte)filter;
            long sum = 0;
            for (int i = 0; i < row.Length; i++)
            {
                int left = i < pixelBytes ? 0 : row[i - pixelBytes];
                int aboveLeft = i < pixelBytes ? 0 : above[i - pixelBytes];
                bytes[i + 1] = (byte)(row[i] - Prediction(filter, left, above[i], aboveLeft));
                sum += Math.Abs((int)(sbyte)bytes[i + 1]);
            }
            if (sum < smallest)
                (best, smallest) = (bytes, sum);
        }
        return best;
    }

    private static int Prediction(int filter, int left, int above, int aboveLeft) => filter switch
    {
        Sub => left,
        Up => above,
        Average => (left + above) / 2,
        Paeth => NearestOf(left, above, aboveLeft, left + above - aboveLeft),
        _ => 0,
    };

    private static int NearestOf(int left, int above, int aboveLeft, int estimate)
    {
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toAboveLeft = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
            return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        return crc;
    }
}
