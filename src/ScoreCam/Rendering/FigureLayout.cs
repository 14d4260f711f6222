using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Where everything in a figure stands. All lengths follow the height of a panel.</summary>
internal sealed class FigureLayout
{
    private readonly IReadOnlyList<FigureRow> _rows;
    private readonly FigureOptions _options;
    private readonly (int Width, int Height)[] _sizes;
    private readonly bool _hasPictures;
    private readonly int _columnWidth;
    private readonly FigureStyle _style;
    private readonly int _margin;
    private readonly int _gap;

    public FigureLayout(IReadOnlyList<FigureRow> rows, FigureOptions options)
    {
        (_rows, _options) = (rows, options);
        _sizes = [.. rows.Select(row => FigurePanels.SizeOf(row, options))];
        _hasPictures = rows.Any(row => row.Original is not null);
        _columnWidth = _sizes.Max(size => size.Width);
        _style = new(options.PanelHeight);
        (_margin, _gap) = (_style.Margin, _style.Gap);
    }

    private float TextHeight => _style.TextHeight;

    private int LegendHeight => _options.Legend ? Pixels(12) + (int)(2.6f * TextHeight) : 0;

    private int Columns => _hasPictures ? 3 : 1;

    public RgbImage Draw()
    {
        int width = Math.Max((2 * _margin) + (Columns * _columnWidth) + ((Columns - 1) * _gap), Pixels(320));
        long height = (2L * _margin) + _sizes.Sum(size => (long)_style.TitleBlock + size.Height) + ((_rows.Count - 1L) * _style.RowGap) + LegendHeights().Sum(h => (long)h);
        Canvas canvas = FigureStyle.White(width, height);
        int y = _margin;
        for (int i = 0; i < _rows.Count; i++)
        {
            DrawRow(canvas, _rows[i], _sizes[i].Width, y);
            y += _style.TitleBlock + _sizes[i].Height + _style.RowGap;
        }
        y -= _style.RowGap;
        foreach (bool signed in Scales())
        {
            DrawLegend(canvas, y + Pixels(14), signed);
            y += LegendHeight + Pixels(14);
        }
        return canvas.ToImage();
    }

    private void DrawRow(Canvas canvas, FigureRow row, int panelWidth, int y)
    {
        _style.Write(canvas, row.TitleText, row.SubtitleText, _margin, y, canvas.Width - (2 * _margin));
        FigurePanels panels = new(row, _options);
        RgbImage?[] pictures = _hasPictures ? [panels.Original, panels.Map, panels.Drawn] : [panels.Map];
        for (int column = 0; column < pictures.Length; column++)
            if (pictures[column] is { } picture)
                canvas.Paste(picture, Left(column) + ((_columnWidth - panelWidth) / 2), y + _style.TitleBlock);
    }

    private void DrawLegend(Canvas canvas, int y, bool signed)
    {
        int left = Left(_hasPictures ? 1 : 0);
        int width = Math.Clamp(_columnWidth, Pixels(160), Pixels(240)), height = Pixels(10);
        OverlayOptions colors = _options.Overlay with { Signed = signed };
        byte[] bar = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            float share = (i % width) / Math.Max(1f, width - 1);
            (bar[3 * i], bar[(3 * i) + 1], bar[(3 * i) + 2]) = colors.ColorOf(signed ? (2 * share) - 1 : share);
        }
        canvas.Paste(new RgbImage(width, height, bar), left, y);

        float baseline = y + height + Pixels(5) + TextHeight;
        string[] ticks = signed ? ["-1", "0", "1"] : ["0", "0.5", "1"];
        for (int i = 0; i < ticks.Length; i++)
        {
            float center = left + (width * i / 2f), textWidth = TextStrokes.Width(ticks[i], TextHeight);
            float at = Math.Clamp(center - (textWidth / 2), left, left + width - textWidth);
            canvas.Text(ticks[i], at, baseline, TextHeight, FigureStyle.Gray);
        }
        string meaning = signed ? "evidence against (-1) and for (1) the class, each map scaled by its own largest" : "evidence for the class, each map scaled to its own range";
        float start = left + width + _gap;
        float room = canvas.Width - _margin - start;
        if (room > Pixels(80))
            canvas.Text(TextStrokes.Fit(meaning, room, TextHeight), start, y + height - ((height - TextHeight) / 2), TextHeight, FigureStyle.Gray);
    }

    private int Left(int column) => _margin + (column * (_columnWidth + _gap));

    /// <summary>The colour scales that occur: false for 0…1, true for −1…1.</summary>
    private IEnumerable<bool> Scales() => _options.Legend ? _rows.Select(row => row.Explanation.IsSigned).Distinct().Order() : [];

    private IEnumerable<int> LegendHeights() => Scales().Select(_ => LegendHeight + Pixels(14));

    private int Pixels(float atPanelHeightOf320) => _style.Pixels(atPanelHeightOf320);
}
