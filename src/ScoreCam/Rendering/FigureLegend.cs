using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>A colour scale with its end values and its caption.</summary>
internal sealed class FigureLegend
{
    private const string Unsigned = "Evidence for the class. Each map is scaled to its own range.";

    private const string Signed =
        "Evidence against (−1) and for (1) the class. Each map is scaled by its largest value.";

    private readonly FigureStyle _style;
    private readonly RgbImage _bar;
    private readonly string[] _ticks;
    private readonly FigureText _meaning;
    private readonly bool _meaningIsBeside;

    /// <summary>Creates the legend of signed or unsigned maps for a given width.</summary>
    public FigureLegend(FigureOptions options, bool signed, FigureStyle style, int width)
    {
        _style = style;
        int length = Math.Min(style.Pixels(240), width);
        _bar = Bar((options.Overlay with { Signed = signed }).UsedColormap, length, style.Pixels(10));
        _ticks = signed ? ["−1", "0", "1"] : ["0", "0.5", "1"];
        string meaning = signed ? options.SignedLegend ?? Signed : Unsigned;
        int beside = width - length - style.Gap;
        _meaningIsBeside = beside >= TextStrokes.Width(meaning, style.TextHeight);
        _meaning = new(style, _meaningIsBeside ? beside : width);
        _meaning.Add(meaning, style.TextHeight, FigureStyle.Gray);
    }

    public int Height => _bar.Height + TicksHeight + (_meaningIsBeside ? 0 : (int)_meaning.Height);

    private int TicksHeight => _style.Pixels(5) + (int)(1.9f * _style.TextHeight);

    public void Draw(Canvas canvas, int x, int y)
    {
        canvas.Paste(_bar, x, y);
        float capHeight = _style.TextHeight, baseline = y + _bar.Height + _style.Pixels(5) + capHeight;
        for (int i = 0; i < _ticks.Length; i++)
        {
            float width = TextStrokes.Width(_ticks[i], capHeight), center = x + (_bar.Width * i / 2f);
            float left = Math.Clamp(center - (width / 2), x, x + _bar.Width - width);
            canvas.Text(_ticks[i], left, baseline, capHeight, FigureStyle.Gray);
        }
        if (_meaningIsBeside)
            _meaning.Draw(canvas, x + _bar.Width + _style.Gap, y);
        else
            _meaning.Draw(canvas, x, y + _bar.Height + TicksHeight);
    }

    private static RgbImage Bar(Colormap colormap, int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (byte red, byte green, byte blue) = colormap.Map((i % width) / Math.Max(1f, width - 1));
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (red, green, blue);
        }
        return new RgbImage(width, height, pixels);
    }
}
