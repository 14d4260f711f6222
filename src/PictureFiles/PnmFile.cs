using ScoreCam.Images;

namespace ScoreCam.PictureFiles;

/// <summary>
/// Decodes PBM, PGM and PPM files: numbers as text, followed by samples as text (P1 to P3) or bytes (P4 to P6). Image
/// libraries do not read all of these formats.
/// </summary>
internal static class PnmFile
{
    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        int at = 2;
        return new() { Format = "PNM", Width = ReadNumber(file, ref at), Height = ReadNumber(file, ref at) };
    }

    /// <summary>Decodes the pixels and scales them to 8 bits.</summary>
    /// <exception cref="EndOfStreamException">The file ends before its last pixel.</exception>
    /// <exception cref="DecodingException">A number is missing or too large.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file)
    {
        int at = 2;
        (int kind, int width, int height) = (file[1] - '0', ReadNumber(file, ref at), ReadNumber(file, ref at));
        bool isBitmap = kind is 1 or 4, isColor = kind is 3 or 6;
        int highest = isBitmap ? 1 : ReadNumber(file, ref at);
        if (highest is 0 or > ushort.MaxValue)
            throw new DecodingException($"its largest value is {highest}; 1 to {ushort.MaxValue} were expected");
        // One white-space character separates the numbers from binary samples.
        if (kind > 3)
            at++;

        byte[] pixels = new byte[3 * width * height];
        for (int y = 0, i = 0; y < height; y++)
            for (int x = 0; x < width; x++, i += 3)
                for (int channel = 0; channel < 3; channel++)
                    pixels[i + channel] = channel == 0 || isColor
                        ? Scaled(kind switch
                        {
                            1 => 1 - ReadDigit(file, ref at),
                            4 => 1 - ReadBit(file, ref at, x, isLast: x == width - 1),
                            2 or 3 => ReadNumber(file, ref at),
                            _ => ReadBytes(file, ref at, highest > byte.MaxValue ? 2 : 1),
                        }, highest)
                        : pixels[i];
        return new RgbImage(width, height, pixels);
    }

    private static byte Scaled(int value, int highest) => value <= highest
        ? (byte)Math.Round(255.0 * value / highest)
        : throw new DecodingException($"it has the value {value}, more than its largest, {highest}");

    private static int ReadBytes(ReadOnlySpan<byte> file, ref int at, int count)
    {
        int value = 0;
        for (; count > 0; count--)
            value = (value << 8) | Byte(file, at++);
        return value;
    }

    // Each row begins at a new byte. A set bit is black.
    private static int ReadBit(ReadOnlySpan<byte> file, ref int at, int x, bool isLast)
    {
        int bit = (Byte(file, at) >> (7 - (x % 8))) & 1;
        if (x % 8 == 7 || isLast)
            at++;
        return bit;
    }

    // The digits of a bitmap do not need spaces between them.
    private static int ReadDigit(ReadOnlySpan<byte> file, ref int at)
    {
        SkipSpace(file, ref at);
        byte digit = Byte(file, at++);
        return digit is (byte)'0' or (byte)'1' ? digit - '0' : throw NoNumber(digit);
    }

    private static int ReadNumber(ReadOnlySpan<byte> file, ref int at)
    {
        SkipSpace(file, ref at);
        if (!char.IsAsciiDigit((char)Byte(file, at)))
            throw NoNumber(file[at]);
        long number = 0;
        for (; at < file.Length && char.IsAsciiDigit((char)file[at]); at++)
            number = Math.Min(int.MaxValue, (10 * number) + file[at] - '0');
        return (int)number;
    }

    private static void SkipSpace(ReadOnlySpan<byte> file, ref int at)
    {
        for (; at < file.Length && (char.IsWhiteSpace((char)file[at]) || file[at] == '#'); at++)
            while (file[at] == '#' && file[at..].IndexOf((byte)'\n') is >= 0 and var comment)
                at += comment;
    }

    private static byte Byte(ReadOnlySpan<byte> file, int at) =>
        at < file.Length ? file[at] : throw new EndOfStreamException();

    private static DecodingException NoNumber(byte found) =>
        new($"it has '{(char)found}' where a number was expected");
}
