namespace ScoreCam.Rendering;

/// <summary>Lengths and letters of a figure; all follow the height of a panel.</summary>
internal sealed class FigureStyle(int panelHeight)
{
    private static readonly (byte, byte, byte) Ink = (24, 24, 24);

    private readonly float _unit = panelHeight / 320f;

    public static (byte Red, byte Green, byte Blue) Gray { get; } = (104, 104, 104);

    public int Margin => Pixels(24);

    public int Gap => Pixels(12);

    public int RowGap => Pixels(22);

    // Height of a capital letter. Below a certain size letters are no longer readable.
    public float TitleHeight => Math.Max(8, 12 * _unit);

    public float TextHeight => Math.Max(7, 8.5f * _unit);

    /// <summary>What title and subtitle need above a panel.</summary>
    public int TitleBlock => (int)(TitleHeight + (2.4f * TextHeight) + Pixels(10));

    public int Pixels(float atPanelHeightOf320) => Math.Max(1, (int)MathF.Round(atPanelHeightOf320 * _unit));

    /// <summary>Writes two lines, as much of them as fits.</summary>
    public void Write(Canvas canvas, string title, string subtitle, float x, float y, float room)
    {
        float baseline = y + TitleHeight;
        canvas.Text(TextStrokes.Fit(title, room, TitleHeight), x, baseline, TitleHeight, Ink, weight: 0.19f);
        baseline += (1.9f * TextHeight) + Pixels(1);
        canvas.Text(TextStrokes.Fit(subtitle, room, TextHeight), x, baseline, TextHeight, Gray);
    }

    /// <exception cref="ArgumentException">The figure is larger than an array holds.</exception>
    public static Canvas White(long width, long height) => 3 * width * height <= Array.MaxLength
        ? Canvas.White((int)width, (int)height)
        : throw new ArgumentException($"A figure of {width} × {height} pixels is more than an array holds; take fewer rows, or a smaller FigureOptions.PanelHeight.");
}
