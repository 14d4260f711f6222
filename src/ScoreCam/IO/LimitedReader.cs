using System.Text;

namespace ScoreCam.IO;

/// <summary>
/// Reads whole files and streams up to a size limit. A source of known length is rejected before it is read. Another
/// source is rejected as soon as it exceeds the limit.
/// </summary>
internal static class LimitedReader
{
    /// <summary>The default limit for label files and configurations: 16 MiB.</summary>
    public const int SidecarBytes = 16 << 20;

    /// <summary>
    /// The default limit for models, and the most that is kept in memory, because arrays are limited to about 2 GB.
    /// </summary>
    public const int ModelBytes = 2_000_000_000;

    private const int ChunkBytes = 1 << 16;

    // UTF-32 comes first, because its little-endian mark begins with the mark of UTF-16.
    private static readonly Encoding[] MarkedEncodings =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <inheritdoc cref="ReadBytes(Stream, int, string?, string)"/>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static byte[] ReadBytes(string path, int maxBytes, string? limitName)
    {
        using FileStream file = File.OpenRead(path);
        return ReadBytes(file, maxBytes, limitName, $"'{path}'");
    }

    /// <summary>Reads a stream from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxBytes">The limit, in bytes.</param>
    /// <param name="limitName">The name of the limit for the error message; null if it cannot be raised.</param>
    /// <param name="source">The name of the stream for the error message.</param>
    /// <exception cref="InvalidDataException">The contents are larger than the limit.</exception>
    public static byte[] ReadBytes(Stream stream, int maxBytes, string? limitName, string source)
    {
        string advice = limitName is null ? "" : $"; raise {limitName} if you trust it";
        long announced = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        if (announced > maxBytes)
            throw new InvalidDataException(
                $"{source} has {announced} bytes, more than the {maxBytes} allowed{advice}.");
        byte[] bytes = new byte[announced];
        Span<byte> expected = bytes.AsSpan(0, (int)announced);
        int length = stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false);
        byte[] chunk = new byte[ChunkBytes];
        for (int read; (read = stream.Read(chunk)) > 0; length += read)
        {
            if (read > maxBytes - length)
                throw new InvalidDataException($"{source} has more than the {maxBytes} bytes allowed{advice}.");
            if (read > bytes.Length - length)
            {
                long grown = Math.Max(2L * bytes.Length, length + read);
                Array.Resize(ref bytes, (int)Math.Min(maxBytes, grown));
            }
            chunk.AsSpan(0, read).CopyTo(bytes.AsSpan(length));
        }
        if (length < bytes.Length)
            Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>Reads text: UTF-8, or UTF-16 or UTF-32 with a byte order mark.</summary>
    /// <exception cref="InvalidDataException">
    /// The text is larger than the limit, or its encoding is not valid.
    /// </exception>
    public static string ReadText(Stream stream, int maxBytes, string limitName, string source)
    {
        byte[] bytes = ReadBytes(stream, maxBytes, limitName, source);
        Encoding? marked = MarkedEncodings.FirstOrDefault(e => bytes.AsSpan().StartsWith(e.Preamble));
        try
        {
            return marked is null ? Utf8.GetString(bytes) : marked.GetString(bytes.AsSpan(marked.Preamble.Length));
        }
        catch (ArgumentException e)
        {
            string expected = marked is null ? "UTF-8" : marked.WebName.ToUpperInvariant();
            throw new InvalidDataException($"{source} is not {expected} text.", e);
        }
    }
}
