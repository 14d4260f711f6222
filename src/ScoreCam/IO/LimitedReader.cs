using System.Text;

namespace ScoreCam.IO;

/// <summary>Reads files and streams whole, up to a bound. What announces its length is refused before it is read; what does not, as soon as it is over.</summary>
internal static class LimitedReader
{
    /// <summary>The bound on labels and configurations where none is given: 16 MiB.</summary>
    public const int SidecarBytes = 16 << 20;

    private const int ChunkBytes = 1 << 16;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static byte[] ReadBytes(string path, int maxBytes, string? bound, int room = 0)
    {
        using FileStream file = File.OpenRead(path);
        return ReadBytes(file, maxBytes, bound, $"'{path}'", room);
    }

    /// <summary>From where the stream stands to its end; it stays open.</summary>
    /// <param name="stream">A stream.</param>
    /// <param name="maxBytes">The bound.</param>
    /// <param name="bound">Its name, for the message; null where it cannot be raised.</param>
    /// <param name="source">What errors call the stream.</param>
    /// <param name="room">Bytes that the array has after those of the stream.</param>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static byte[] ReadBytes(Stream stream, int maxBytes, string? bound, string source, int room = 0)
    {
        long announced = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        if (announced > maxBytes)
            throw new InvalidDataException($"{source} has {announced} bytes, more than the {maxBytes} allowed{Advice(bound)}.");
        byte[] bytes = new byte[announced + room];
        int length = stream.ReadAtLeast(bytes.AsSpan(0, (int)announced), (int)announced, throwOnEndOfStream: false);
        byte[] chunk = new byte[ChunkBytes];
        for (int read; (read = stream.Read(chunk)) > 0; length += read)
        {
            if (read > maxBytes - length)
                throw new InvalidDataException($"{source} has more than the {maxBytes} bytes allowed{Advice(bound)}.");
            if (read > bytes.Length - room - length)
                Array.Resize(ref bytes, (int)Math.Min(maxBytes, Math.Max(2L * bytes.Length, length + read)) + room);
            chunk.AsSpan(0, read).CopyTo(bytes.AsSpan(length));
        }
        if (length + room < bytes.Length)
            Array.Resize(ref bytes, length + room);
        return bytes;
    }

    /// <summary>UTF-8 text, with a byte order mark or without.</summary>
    /// <exception cref="InvalidDataException">It is larger, or no UTF-8.</exception>
    public static string ReadText(Stream stream, int maxBytes, string bound, string source)
    {
        ReadOnlySpan<byte> bytes = ReadBytes(stream, maxBytes, bound, source);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{source} is not UTF-8 text.", e);
        }
    }

    private static string Advice(string? bound) => bound is null ? "" : $"; raise {bound} if you trust it";
}
