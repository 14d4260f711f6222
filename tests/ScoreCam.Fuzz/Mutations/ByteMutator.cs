namespace ScoreCam.Fuzz.Mutations;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Interesting =
        [0, 1, 0x7f, 0x80, 0xff, (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)'\\', (byte)'\n', (byte)'-',
        (byte)'9'];

    /// <summary>One to four changes.</summary>
    public static byte[] Mutate(byte[] seed, Random random, IReadOnlyList<byte[]> others)
    {
        byte[] bytes = [.. seed];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            bytes = Change(bytes, random, others);
        return bytes;
    }

    private static byte[] Change(byte[] bytes, Random random, IReadOnlyList<byte[]> others)
    {
        if (bytes.Length == 0)
            return [.. others[random.Next(others.Count)]];
        int at = random.Next(bytes.Length),
            length = random.Next(1, 1 + Math.Min(bytes.Length - at, random.Next(8) == 0 ? bytes.Length : 32));
        switch (random.Next(9))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 3:
                int to = random.Next(bytes.Length);
                return [.. bytes[..to], .. bytes[at..(at + length)], .. bytes[to..]];
            case 4:
                byte[] other = others[random.Next(others.Count)];
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 5:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                return bytes;
            case 6:
                random.NextBytes(bytes.AsSpan(at, Math.Min(length, 8)));
                return bytes;
            case 7:
                bytes.AsSpan(at, length).Fill(Interesting[random.Next(Interesting.Length)]);
                return bytes;
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
