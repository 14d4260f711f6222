using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>
/// Converts a value 0…1 to a colour with a table. The value selects entry <c>⌊value · length⌋</c>, as in matplotlib.
/// Values outside 0…1 are clamped. Immutable and thread-safe.
/// </summary>
public sealed class Colormap
{
    private readonly byte[] _table;

    /// <summary>Creates a colour map from a copy of a table.</summary>
    /// <param name="table">The interleaved RGB bytes, from low to high; at least one colour.</param>
    /// <exception cref="ArgumentException">The table is empty, or its length is not a multiple of three.</exception>
    public Colormap(ReadOnlySpan<byte> table)
    {
        if (table.Length == 0 || table.Length % 3 != 0)
            throw new ArgumentException(
                $"A table has three bytes (R, G, B) for each colour, but this one has {table.Length} bytes.",
                nameof(table));
        _table = table.ToArray();
    }

    /// <summary>
    /// Dark violet through green to yellow. Perceptually uniform and readable with colour blindness (matplotlib).
    /// </summary>
    public static Colormap Viridis { get; } = new(Convert.FromHexString(ColormapTables.Viridis));

    /// <summary>Black through red to pale yellow. Perceptually uniform and suitable for print (matplotlib).</summary>
    public static Colormap Inferno { get; } = new(Convert.FromHexString(ColormapTables.Inferno));

    /// <summary>A rainbow like <see cref="Jet"/> without its false edges (Google).</summary>
    public static Colormap Turbo { get; } = new(Convert.FromHexString(ColormapTables.Turbo));

    /// <summary>
    /// Blue, cyan, yellow, red: the colours of most published saliency maps. The bright bands can look like edges.
    /// </summary>
    public static Colormap Jet { get; } = new(JetTable());

    /// <summary>
    /// Blue through near-white to red, for signed values. 0 is blue, 0.5 is the neutral middle, and 1 is red.
    /// </summary>
    public static Colormap Diverging { get; } = new(DivergingTable());

    /// <summary>
    /// Returns the colour of a value. Values below 0 get the first colour, and values above 1 get the last.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN.</exception>
    public (byte Red, byte Green, byte Blue) Map(float value)
    {
        if (float.IsNaN(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "NaN has no colour; expected 0…1.");
        int count = _table.Length / 3;
        int i = 3 * Math.Clamp((int)(Math.Clamp(value, 0, 1) * count), 0, count - 1);
        return (_table[i], _table[i + 1], _table[i + 2]);
    }

    /// <summary>Converts a map to a picture of the same size, without the explained picture.</summary>
    /// <param name="map">The map, 0…1. Other values are clamped.</param>
    /// <param name="signed">Whether the values are −1…1. If true, −1 gets the first colour and 1 gets the last.</param>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public RgbImage Draw(SaliencyMap map, bool signed = false)
    {
        ArgumentNullException.ThrowIfNull(map);
        byte[] pixels = new byte[Resampler.ByteCount(map.Width, map.Height)];
        for (int i = 0; i < map.Values.Length; i++)
        {
            Overlay.RequireNumber(map, i);
            float value = map.Values[i];
            (byte red, byte green, byte blue) = Map(signed ? (value + 1) / 2 : value);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (red, green, blue);
        }
        return new RgbImage(map.Width, map.Height, pixels);
    }

    // The lightness rises evenly from each end to the middle, so values of equal magnitude and opposite sign look
    // equally strong.
    private static byte[] DivergingTable()
    {
        (int R, int G, int B)[] anchors =
        [
            (24, 62, 150), (74, 128, 214), (158, 196, 240), (246, 246, 246),
            (248, 178, 152), (220, 92, 74), (150, 20, 44),
        ];
        byte[] table = new byte[3 * 255];
        for (int i = 0; i < 255; i++)
        {
            double position = i / 254.0 * (anchors.Length - 1);
            int below = Math.Min((int)position, anchors.Length - 2);
            double share = position - below;
            ((int r0, int g0, int b0), (int r1, int g1, int b1)) = (anchors[below], anchors[below + 1]);
            Span<byte> color = table.AsSpan(3 * i, 3);
            (color[0], color[1], color[2]) = (Mix(r0, r1, share), Mix(g0, g1, share), Mix(b0, b1, share));
        }
        return table;

        static byte Mix(int from, int to, double share) => (byte)Math.Round(from + (share * (to - from)));
    }

    private static byte[] JetTable()
    {
        byte[] table = new byte[3 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            double distance = Math.Abs((4 * (i / 3) / 255.0) - (3 - (i % 3)));
            table[i] = (byte)Math.Round(255 * Math.Clamp(1.5 - distance, 0, 1));
        }
        return table;
    }
}
