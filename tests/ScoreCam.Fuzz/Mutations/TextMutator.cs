using System.Text;

namespace ScoreCam.Fuzz.Mutations;

/// <summary>
/// Replaces whole tokens of a text (JSON, CSV, a Python dictionary) with other tokens of the text, or with tokens that
/// often cause errors.
/// </summary>
internal static class TextMutator
{
    private static readonly string[] Harmful =
    [
        "null", "true", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"NaN\"", "\"Infinity\"", "[]",
        "{}", "[[", "}}", "-1", "0", "1e400", "-1e-400", "1e38", "3.5e38", "2147483647",
        "2147483648", "-2147483648", "9999999999999999999999", "65536", "65537", "1073741824", "NaN", ",", ",,", "\"",
        "'", "\\", "\u2028", "\ufeff", "\r\n\r\n", "١", "\"00:00:01\"", "\"10675199.02:48:05.4775807\"",
        "/* */", "// x\n", "\"id2label\": {", "None", "u'x'", "\\x", "\\U0010ffff", "\\U00110000", "\\ud83d",
    ];

    /// <summary>Bytes that are not valid UTF-8.</summary>
    private static readonly byte[][] NotText =
        [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]];

    public static byte[] Mutate(byte[] seed, Random random, IReadOnlyList<byte[]> others)
    {
        byte[] bytes = seed;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            bytes = random.Next(4) switch
            {
                0 => ByteMutator.Mutate(bytes, random, others),
                1 => Insert(bytes, random, NotText[random.Next(NotText.Length)], replace: random.Next(2) == 0),
                2 => Insert(bytes, random, Encoding.UTF8.GetBytes(Long(random)), replace: true),
                _ => Insert(bytes, random,
                    random.Next(3) == 0 ? Token(bytes, random.Next(bytes.Length + 1)).ToArray()
                    : Encoding.UTF8.GetBytes(Harmful[random.Next(Harmful.Length)]), random.Next(4) > 0),
            };
        return bytes;
    }

    private static string Long(Random random)
    {
        int length = random.Next(4) == 0 ? random.Next(20_000) : random.Next(200);
        return random.Next(5) switch
        {
            0 => new string('[', length),
            1 => new string(' ', length),
            2 => new string('9', length),
            3 => string.Concat(Enumerable.Repeat("{\"a\":", length / 5)),
            _ => $"\"{new string('x', length)}\"",
        };
    }

    private static byte[] Insert(byte[] bytes, Random random, byte[] what, bool replace)
    {
        int at = random.Next(bytes.Length + 1);
        Range token = replace ? Bounds(bytes, at) : at..at;
        return [.. bytes[..token.Start], .. what, .. bytes[token.End..]];
    }

    private static ReadOnlySpan<byte> Token(byte[] bytes, int at) => bytes.AsSpan()[Bounds(bytes, at)];

    /// <summary>The range around a place, bounded by punctuation.</summary>
    private static Range Bounds(byte[] bytes, int at)
    {
        int start = at, end = at;
        while (start > 0 && !IsPunctuation(bytes[start - 1]))
            start--;
        while (end < bytes.Length && !IsPunctuation(bytes[end]))
            end++;
        return start..end;
    }

    private static bool IsPunctuation(byte b) =>
        b is (byte)',' or (byte)':' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)'\n' or (byte)'('
        or (byte)')';
}
