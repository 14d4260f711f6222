namespace ScoreCam.Rendering;

/// <summary>The lengths, letter sizes and colours of a figure. They scale with the height of a panel.</summary>
internal sealed class FigureStyle(int panelHeight)
{
    public static readonly (byte Red, byte Green, byte Blue) Ink = (24, 24, 24);
    public static readonly (byte Red, byte Green, byte Blue) Gray = (90, 90, 90);
    public static readonly (byte Red, byte Green, byte Blue) Light = (214, 214, 214);
    public static readonly (byte Red, byte Green, byte Blue) Warning = (166, 76, 0);

    private readonly float _unit = panelHeight / 320f;

    public int Margin => Pixels(24);

    public int Gap => Pixels(12);

    public int RowGap => Pixels(22);

    // Heights of a capital letter. Smaller letters are not readable.
    public float TitleHeight => Math.Max(9, 12 * _unit);

    public float TextHeight => Math.Max(8, 9 * _unit);

    /// <summary>Scales a length that is specified for a panel of 320 pixels.</summary>
    public int Pixels(float atHeight320) => Math.Max(1, (int)MathF.Round(atHeight320 * _unit));
}

/// <summary>Lines of text, one below the other. A line can begin with a bar for the probability.</summary>
internal sealed class FigureText(FigureStyle style, float width)
{
    private const int MaxTitleLines = 3, MaxTextLines = 4;

    private readonly List<Line> _lines = [];

    /// <summary>The height of all lines.</summary>
    public float Height => _lines.Sum(line => line.Pitch);

    /// <summary>The title, the probability, the subtitle and the warnings of an explanation.</summary>
    public static FigureText Of(FigureRow row, IEnumerable<string> warnings, FigureStyle style, float width)
    {
        FigureText text = new(style, width);
        text.Add(row.TitleText, style.TitleHeight, FigureStyle.Ink, MaxTitleLines, weight: 0.17f);
        if (row.ProbabilityText is { } probability)
            text._lines.Add(new(probability, style.TextHeight, FigureStyle.Ink, row.Explanation.Probability));
        text.Add(row.SubtitleText, style.TextHeight, FigureStyle.Gray, MaxTextLines);
        foreach (string warning in warnings)
            text.AddWarning(warning);
        return text;
    }

    public void Add(
        string text,
        float capHeight,
        (byte Red, byte Green, byte Blue) color,
        int maxLines = MaxTextLines,
        float weight = 0.12f)
    {
        foreach (string line in TextStrokes.Wrap(text, width, capHeight, maxLines))
            _lines.Add(new(line, capHeight, color, Weight: weight));
    }

    public void AddWarning(string warning) => Add($"! {warning}", style.TextHeight, FigureStyle.Warning);

    /// <summary>Draws the lines, beginning at a top left corner.</summary>
    public void Draw(Canvas canvas, float x, float y)
    {
        foreach (Line line in _lines)
        {
            float left = line.Bar is { } share ? DrawBar(canvas, x, y, share) : x;
            canvas.Text(line.Text, left, y + line.CapHeight, line.CapHeight, line.Color, line.Weight);
            y += line.Pitch;
        }
    }

    private float DrawBar(Canvas canvas, float x, float y, float share)
    {
        float length = Math.Min(style.Pixels(90), width / 3), thickness = 0.8f * style.TextHeight;
        float left = x + (thickness / 2), middle = y + (style.TextHeight / 2), right = left + length;
        canvas.Stroke([new(left, middle, right, middle)], thickness, FigureStyle.Light);
        float end = left + (Math.Clamp(share, 0, 1) * length);
        canvas.Stroke([new(left, middle, end, middle)], thickness, FigureStyle.Gray);
        return right + (thickness / 2) + (0.7f * style.TextHeight);
    }

    // Descenders take a third of the height, and the rest is space between the lines.
    private sealed record Line(
        string Text,
        float CapHeight,
        (byte Red, byte Green, byte Blue) Color,
        float? Bar = null,
        float Weight = 0.12f)
    {
        public float Pitch => 1.9f * CapHeight;
    }
}
