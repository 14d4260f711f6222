using System.Buffers.Binary;
using System.IO.Compression;

namespace ScoreCam.Rendering;

/// <summary>Writes grey PNG files of 16 bits a pixel, which picture libraries for the screen do not.</summary>
internal static class GrayPng
{
    // Maps are smooth: what differs is the change from pixel to pixel, in bytes (the filter "Sub" of a two-byte pixel).
    private const byte FilterSub = 1;
    private const int PixelBytes = 2;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c >> 1) ^ ((c & 1) * 0xEDB88320)))];

    /// <param name="stream">Where to.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">Row by row, as many as rows times columns.</param>
    public static void Write(Stream stream, int width, ReadOnlySpan<ushort> pixels)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / width);
        // 16 bits, grey, and the only methods there are; not interlaced.
        (header[8], header[9]) = (16, 0);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(width, pixels));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(int width, ReadOnlySpan<ushort> pixels)
    {
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] row = new byte[PixelBytes * width];
            byte[] filtered = new byte[1 + row.Length];
            filtered[0] = FilterSub;
            for (int start = 0; start < pixels.Length; start += width)
            {
                for (int x = 0; x < width; x++)
                    BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(PixelBytes * x), pixels[start + x]);
                for (int i = 0; i < row.Length; i++)
                    filtered[i + 1] = (byte)(row[i] - (i < PixelBytes ? 0 : row[i - PixelBytes]));
                zlib.Write(filtered);
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
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
}
