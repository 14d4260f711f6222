namespace ScoreCam.Rendering;

/// <summary>
/// Writes text as strokes: the dots of a glyph are joined with their neighbours, so that the small bitmap font gives smooth letters at any size.
/// </summary>
internal static class TextStrokes
{
    // Between two letters, in dots.
    private const float Gap = 1.75f;

    /// <summary>The strokes of a text; sizes in pixels.</summary>
    /// <param name="text">One line. What has no glyph is drawn as a box.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="baseline">Where the letters stand.</param>
    /// <param name="capHeight">Height of a capital letter.</param>
    public static List<Segment> Of(string text, float x, float baseline, float capHeight)
    {
        List<Segment> strokes = [];
        float dot = capHeight / Glyphs.Baseline;
        foreach (char character in Drawn(text))
        {
            for (int row = 0; row < Glyphs.Rows; row++)
                for (int column = 0; column < Glyphs.Width(character); column++)
                    if (Glyphs.Dot(character, row, column))
                        Join(character, row, column, (dRow, dColumn) => strokes.Add(new(
                            x + (column * dot), baseline + ((row - Glyphs.Baseline) * dot),
                            x + ((column + dColumn) * dot), baseline + ((row + dRow - Glyphs.Baseline) * dot))));
            x += (Glyphs.Width(character) - 1 + Gap) * dot;
        }
        return strokes;
    }

    /// <summary>Width of a text in pixels.</summary>
    public static float Width(string text, float capHeight) =>
        Math.Max(0, Drawn(text).Sum(character => Glyphs.Width(character) - 1 + Gap) - Gap) * capHeight / Glyphs.Baseline;

    /// <summary>The text, or as much of it as fits, with an ellipsis.</summary>
    public static string Fit(string text, float width, float capHeight)
    {
        if (Width(text, capHeight) <= width)
            return text;
        // Longer texts are wider: a name of a hostile model may have millions of letters.
        int fits = 0, tooLong = text.Length + 1;
        while (tooLong - fits > 1)
        {
            int length = (fits + tooLong) / 2;
            if (Width(text[..length] + "…", capHeight) <= width)
                fits = length;
            else
                tooLong = length;
        }
        return text[..fits].TrimEnd() + "…";
    }

    // Two halves of a pair are one character, and control characters none; a line break is a space.
    private static IEnumerable<char> Drawn(string text) =>
        text.EnumerateRunes().Select(rune => rune.IsBmp ? (char.IsWhiteSpace((char)rune.Value) ? ' ' : (char)rune.Value) : Glyphs.Unknown).Where(c => !char.IsControl(c));

    private static void Join(char character, int row, int column, Action<int, int> join)
    {
        bool Set(int dRow, int dColumn) => Glyphs.Dot(character, row + dRow, column + dColumn);
        bool alone = true;
        for (int dRow = -1; dRow <= 1; dRow++)
            for (int dColumn = -1; dColumn <= 1; dColumn++)
            {
                // Diagonal neighbours join only where no corner joins them already.
                if ((dRow, dColumn) == (0, 0) || !Set(dRow, dColumn) || (dRow != 0 && dColumn != 0 && (Set(dRow, 0) || Set(0, dColumn))))
                    continue;
                alone = false;
                if (dRow > 0 || (dRow == 0 && dColumn > 0))
                    join(dRow, dColumn);
            }
        if (alone)
            join(0, 0);
    }
}
