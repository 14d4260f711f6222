namespace ScoreCam.Rendering;

/// <summary>Measures text, breaks it into lines and converts it to strokes. All sizes are in pixels.</summary>
internal static class TextStrokes
{
    /// <summary>Returns the strokes of one line of text.</summary>
    /// <param name="text">The text. A character without a glyph is drawn as a box.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="baseline">The bottom of the capital letters.</param>
    /// <param name="capHeight">The height of a capital letter.</param>
    public static List<Segment> Of(string text, float x, float baseline, float capHeight)
    {
        List<Segment> strokes = [];
        float unit = capHeight / StrokeFont.CapHeight, top = baseline - capHeight;
        foreach (char character in Drawn(text))
        {
            foreach (Segment s in StrokeFont.Of(character))
                strokes.Add(new(x + (s.X1 * unit), top + (s.Y1 * unit), x + (s.X2 * unit), top + (s.Y2 * unit)));
            x += (StrokeFont.Width(character) + StrokeFont.Gap) * unit;
        }
        return strokes;
    }

    /// <summary>Returns the width of one line of text.</summary>
    public static float Width(string text, float capHeight)
    {
        float width = Drawn(text).Sum(character => StrokeFont.Width(character) + StrokeFont.Gap) - StrokeFont.Gap;
        return Math.Max(0, width) * capHeight / StrokeFont.CapHeight;
    }

    /// <summary>
    /// Breaks a text between words into lines that fit. If the text is cut off, the last line ends with an ellipsis.
    /// </summary>
    public static List<string> Wrap(string text, float width, float capHeight, int maxLines)
    {
        List<string> lines = [];
        string rest = text.Trim();
        while (rest.Length > 0)
        {
            int fits = Fitting(rest, width, capHeight, "");
            if (fits == rest.Length)
            {
                lines.Add(rest);
                break;
            }
            if (lines.Count == maxLines - 1)
            {
                lines.Add(rest[..Fitting(rest, width, capHeight, "…")].TrimEnd() + "…");
                break;
            }
            // The character after the part that fits can be the space.
            int space = rest.LastIndexOf(' ', Math.Min(fits, rest.Length - 1));
            int end = space > 0 ? space : Math.Max(1, fits);
            lines.Add(rest[..end].TrimEnd());
            rest = rest[end..].TrimStart();
        }
        return lines;
    }

    // Returns the number of characters that fit together with an ending. A longer text is wider, so binary search
    // works, even for a name of millions of characters.
    private static int Fitting(string text, float width, float capHeight, string ending)
    {
        if (text.Length < 1000 && Width(text, capHeight) <= width)
            return text.Length;
        int fits = 0, tooLong = Math.Min(text.Length, 1000) + 1;
        while (tooLong - fits > 1)
        {
            int length = (fits + tooLong) / 2;
            if (length <= text.Length && Width(text[..length] + ending, capHeight) <= width)
                fits = length;
            else
                tooLong = length;
        }
        return fits;
    }

    // A surrogate pair counts as one character. Control characters are omitted, and a line break becomes a space.
    private static IEnumerable<char> Drawn(string text) =>
        from rune in text.EnumerateRunes()
        let character = rune.IsBmp ? (char)rune.Value : StrokeFont.Unknown
        let drawn = char.IsWhiteSpace(character) ? ' ' : character
        where !char.IsControl(drawn)
        select drawn;
}
