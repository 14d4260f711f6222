using System.Globalization;

namespace ScoreCam.Rendering;

/// <summary>
/// The letters of figures, drawn for this project as lines and arcs. Capital letters extend from 0 to
/// <see cref="CapHeight"/>, small letters begin at 2, and descenders end at 8. The y axis points down.
/// </summary>
internal static class StrokeFont
{
    /// <summary>The height of a capital letter in units of the font.</summary>
    public const float CapHeight = 6;

    /// <summary>The space between two letters in units of the font.</summary>
    public const float Gap = 1.5f;

    /// <summary>Replaces every character without a glyph.</summary>
    public const char Unknown = '□';

    private const float SpaceWidth = 1.2f;
    private const double DegreesPerSegment = 15;

    // A glyph is a character and its strokes. L is a line through points. A is an arc: center, radii, first and last
    // angle in degrees, clockwise from the right.
    private const string Glyphs = """
        a A2,4,2,2,0,360 L4,2,4,6
        b L0,0,0,6 A2,4,2,2,0,360
        c A2,4,2,2,45,315
        d L4,0,4,6 A2,4,2,2,0,360
        e L0,4,4,4 A2,4,2,2,40,360
        f A2.6,1.3,1.4,1.3,180,285 L1.2,1.3,1.2,6 L0,2.2,2.6,2.2
        g A2,4,2,2,0,360 L4,2,4,6.2 A2,6.2,2,1.8,0,150
        h L0,0,0,6 A2,4,2,2,180,360 L4,4,4,6
        i L0,2.2,0,6 L0,0.3,0,0.4
        j L1.4,2.2,1.4,6.8 A0.21,6.8,1.19,1.2,0,100 L1.4,0.3,1.4,0.4
        k L0,0,0,6 L3.5,2,0,4.7 L1.4,3.7,3.7,6
        l L0,0,0,6
        m L0,2,0,6 A1.5,3.5,1.5,1.5,180,360 L3,3.5,3,6 A4.5,3.5,1.5,1.5,180,360 L6,3.5,6,6
        n L0,2,0,6 A2,4,2,2,180,360 L4,4,4,6
        o A2,4,2,2,0,360
        p L0,2,0,8 A2,4,2,2,0,360
        q L4,2,4,8 A2,4,2,2,0,360
        r L0,2,0,6 A1.9,4,1.9,2,180,295
        s A1.6,3,1.5,1,90,330 A1.6,5,1.6,1,-90,150
        t L1.2,0.5,1.2,4.7 A2.4,4.7,1.2,1.3,75,180 L0,2.2,2.6,2.2
        u L0,2,0,4 A2,4,2,2,0,180 L4,2,4,6
        v L0,2,2,6,4,2
        w L0,2,1.5,6,3,2.2,4.5,6,6,2
        x L0,2,3.8,6 L3.8,2,0,6
        y L0,2,2,6 L4,2,1.5,7.3,0.6,8
        z L0,2,3.6,2,0,6,3.6,6
        A L0,6,2.4,0,4.8,6 L0.8,4,4,4
        B L2.4,0,0,0,0,6,2.6,6 A2.4,1.45,1.5,1.45,270,450 L0,2.9,2.6,2.9 A2.6,4.45,1.6,1.55,270,450
        C A2.6,3,2.6,3,48,312
        D L0,0,0,6 L0,0,1.6,0 A1.6,3,2.9,3,270,450 L1.6,6,0,6
        E L3.7,0,0,0,0,6,3.7,6 L0,2.9,3.1,2.9
        F L3.7,0,0,0,0,6 L0,2.9,3.1,2.9
        G A2.6,3,2.6,3,0,312 L5.2,3,3,3
        H L0,0,0,6 L4.3,0,4.3,6 L0,2.9,4.3,2.9
        I L0,0,0,6
        J L2.8,0,2.8,4.5 A1.4,4.5,1.4,1.5,0,180
        K L0,0,0,6 L4,0,0,3.9 L1.5,2.6,4.3,6
        L L0,0,0,6,3.4,6
        M L0,6,0,0,2.6,4.2,5.2,0,5.2,6
        N L0,6,0,0,4.3,6,4.3,0
        O A2.7,3,2.7,3,0,360
        P L0,6,0,0,2.4,0 A2.4,1.65,1.8,1.65,270,450 L2.4,3.3,0,3.3
        Q A2.7,3,2.7,3,0,360 L3.3,4.3,5.2,6.4
        R L0,6,0,0,2.4,0 A2.4,1.6,1.7,1.6,270,450 L2.4,3.2,0,3.2 L2,3.2,4.2,6
        S A2,1.5,1.9,1.5,90,330 A2,4.5,2,1.5,-90,150
        T L0,0,4.4,0 L2.2,0,2.2,6
        U L0,0,0,3.9 A2.1,3.9,2.1,2.1,0,180 L4.2,3.9,4.2,0
        V L0,0,2.3,6,4.6,0
        W L0,0,1.6,6,3.2,0.8,4.8,6,6.4,0
        X L0,0,4.2,6 L4.2,0,0,6
        Y L0,0,2.2,3.1,4.4,0 L2.2,3.1,2.2,6
        Z L0,0,4,0,0,6,4,6
        0 A1.9,3,1.9,3,0,360
        1 L0.3,1.4,1.9,0,1.9,6
        2 A1.8,1.8,1.8,1.8,185,395 L3.27,2.83,0,6,3.7,6
        3 A1.8,1.45,1.6,1.45,200,450 A1.8,4.45,1.9,1.55,-90,160
        4 L2.9,6,2.9,0,0,4.2,3.9,4.2
        5 L3.4,0,0.5,0,0.3,2.9 A1.8,4.1,1.9,1.9,218,510
        6 A1.9,4.15,1.9,1.85,0,360 A2.6,4.15,2.6,4.15,180,290
        7 L0,0,3.7,0,1.3,6
        8 A1.9,1.45,1.6,1.45,0,360 A1.9,4.45,1.9,1.55,0,360
        9 A1.9,1.85,1.9,1.85,0,360 A1.2,1.85,2.6,4.15,0,110
        ! L0,0,0,4 L0,5.7,0,5.8
        " L0,0,0,1.6 L1.4,0,1.4,1.6
        # L1.6,0,0.8,6 L3.8,0,3,6 L0.3,2,4.4,2 L0,4,4.1,4
        $ A1.8,1.9,1.7,1.1,90,330 A1.8,4.1,1.8,1.1,-90,150 L1.8,-0.2,1.8,6.2
        % A1.2,1.3,1.2,1.3,0,360 A5,4.7,1.2,1.3,0,360 L4.9,0,1.3,6
        & L4.6,6,1.1,1.9 A2,1.2,1.1,1.2,145,395 L2.9,1.9,1,3.3 A1.8,4.5,1.8,1.5,20,235
        ' L0,0,0,1.6
        ( A2.6,3.2,2.6,4.6,115,245
        ) A-1,3.2,2.6,4.6,-65,65
        * L1.4,0.2,1.4,3.2 L0.1,0.9,2.7,2.5 L0.1,2.5,2.7,0.9
        + L2,1.4,2,5.4 L0,3.4,4,3.4
        , L0.5,5.7,0,7.2
        - L0,3.6,2.4,3.6
        . L0,5.7,0,5.8
        / L2.8,-0.3,0,6.6
        : L0,2.5,0,2.6 L0,5.7,0,5.8
        ; L0.5,2.5,0.5,2.6 L0.5,5.7,0,7.2
        < L3.4,1.2,0,3.4,3.4,5.6
        = L0,2.4,4,2.4 L0,4.4,4,4.4
        > L0,1.2,3.4,3.4,0,5.6
        ? A1.6,1.6,1.6,1.6,190,420 L2.4,2.99,1.6,3.6,1.6,4.2 L1.6,5.7,1.6,5.8
        @ A3.2,3.4,3.2,3.2,50,330 A3.2,3.4,1.3,1.5,0,360 L4.5,1.9,4.5,4.2 A5.4,4.2,0.9,0.8,0,180 L6.3,4.2,6.3,3.4
        [ L1.4,-0.4,0,-0.4,0,7,1.4,7
        \ L0,-0.3,2.8,6.6
        ] L0,-0.4,1.4,-0.4,1.4,7,0,7
        ^ L0,2.4,1.6,0.2,3.2,2.4
        _ L0,7,4,7
        ` L0,0,1,1
        { A1.6,0.8,0.8,1.2,180,270 L0.8,0.8,0.8,2.4,0,3.3,0.8,4.2,0.8,5.8 A1.6,5.8,0.8,1.2,90,180
        | L0,-0.4,0,7
        } A0,0.8,0.8,1.2,270,360 L0.8,0.8,0.8,2.4,1.6,3.3,0.8,4.2,0.8,5.8 A0,5.8,0.8,1.2,0,90
        ~ A1.1,3.9,1.1,1,180,330 A3.1,3,1.2,1,0,150
        · L0,3.5,0,3.6
        × L0,2,3,5 L3,2,0,5
        ° A0.9,0.9,0.9,0.9,0,360
        … L0,5.7,0,5.8 L2.2,5.7,2.2,5.8 L4.4,5.7,4.4,5.8
        − L0,3.4,3.4,3.4
        ± L2,0.8,2,4.2 L0,2.5,4,2.5 L0,5.6,4,5.6
        □ L0,0,3.6,0,3.6,6,0,6,0,0
        """;

    // Accented letters are drawn as plain letters, and typographic signs in their plain form.
    private const string Marked =
        "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿąćęłńśźżčěřšůžğışőűĄĆĘŁŃŚŹŻČĚŘŠŮŽĞİŞŐŰ‘’“”–—";

    private const string Plain =
        "AAAAAACEEEEIIIINOOOOOOUUUUYaaaaaaceeeeiiiinoooooouuuuyyacelnszzcersuzgisouACELNSZZCERSUZGISOU''\"\"--";

    private static readonly Dictionary<char, Glyph> Known = Glyphs.ReplaceLineEndings("\n").Split('\n')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0][0], parts => new Glyph([.. parts[1..].SelectMany(Strokes)]));

    /// <summary>Returns the width of a character, without the gap after it.</summary>
    public static float Width(char character) => character == ' ' ? SpaceWidth : GlyphOf(character).Width;

    /// <summary>Returns the strokes of a character.</summary>
    public static IReadOnlyList<Segment> Of(char character) => character == ' ' ? [] : GlyphOf(character).Strokes;

    private static Glyph GlyphOf(char character)
    {
        int marked = Marked.IndexOf(character, StringComparison.Ordinal);
        return Known.GetValueOrDefault(marked < 0 ? character : Plain[marked]) ?? Known[Unknown];
    }

    private static IEnumerable<Segment> Strokes(string stroke)
    {
        float[] numbers = [.. stroke[1..].Split(',').Select(n => float.Parse(n, CultureInfo.InvariantCulture))];
        (float X, float Y)[] points = stroke[0] == 'A' ? Arc(numbers) : [.. numbers.Chunk(2).Select(p => (p[0], p[1]))];
        return points.Zip(points.Skip(1), (from, to) => new Segment(from.X, from.Y, to.X, to.Y));
    }

    private static (float X, float Y)[] Arc(float[] arc)
    {
        int segments = (int)Math.Ceiling((arc[5] - arc[4]) / DegreesPerSegment);
        var points = new (float, float)[segments + 1];
        for (int i = 0; i <= segments; i++)
        {
            double degrees = arc[4] + ((arc[5] - arc[4]) * i / segments);
            (double sin, double cos) = Math.SinCos(double.DegreesToRadians(degrees));
            points[i] = ((float)(arc[0] + (arc[2] * cos)), (float)(arc[1] + (arc[3] * sin)));
        }
        return points;
    }

    private sealed record Glyph(Segment[] Strokes)
    {
        public float Width { get; } = Strokes.Max(stroke => Math.Max(stroke.X1, stroke.X2));
    }
}
