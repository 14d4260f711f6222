using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>The picture of an explanation that a column shows.</summary>
internal enum PanelKind
{
    Original,
    Map,
    Overlay,
}

/// <summary>One line of a figure: the texts, and below them the pictures, each in its column.</summary>
internal sealed record FigureLine(
    IReadOnlyList<(FigureRow Row, int Column, int Span)> Texts,
    IReadOnlyList<(FigureRow Row, PanelKind Kind, int Column)> Panels)
{
    public IEnumerable<FigureRow> Rows => Texts.Select(text => text.Row);

    /// <summary>One explanation: its text above the original, the map and the overlay.</summary>
    public static FigureLine Stacked(FigureRow row, int columns) => new(
        [(row, 0, columns)],
        columns == 1
            ? [(row, PanelKind.Map, 0)]
            : [(row, PanelKind.Original, 0), (row, PanelKind.Map, 1), (row, PanelKind.Overlay, 2)]);

    /// <summary>The original, and the overlay of each explanation below its text.</summary>
    public static FigureLine SideBySide(IReadOnlyList<FigureRow?> cells)
    {
        (FigureRow Row, int Column)[] filled =
            [.. cells.Index().Where(cell => cell.Item is not null).Select(cell => (cell.Item!, cell.Index + 1))];
        var overlays = filled.Select(cell => (cell.Row, PanelKind.Overlay, cell.Column));
        return new(
            [.. filled.Select(cell => (cell.Row, cell.Column, 1))],
            cells[0] is { } first ? [(first, PanelKind.Original, 0), .. overlays] : [.. overlays]);
    }
}

/// <summary>Computes the positions in a figure and draws it.</summary>
internal sealed class FigureLayout
{
    private readonly IReadOnlyList<FigureLine> _lines;
    private readonly FigureOptions _options;
    private readonly FigureStyle _style;
    private readonly int _column;
    private readonly int _width;
    private readonly List<FigureText[]> _texts = [];
    private readonly List<FigureLegend> _legends = [];
    private readonly FigureText _notes;

    public FigureLayout(IReadOnlyList<FigureLine> lines, int columns, FigureOptions options)
    {
        (_lines, _options, _style) = (lines, options, new(options.PanelHeight));
        // Labels need some space, even above a narrow picture.
        int widest = lines.Max(line => line.Rows.Max(row => FigurePanels.SizeOf(row, options).Width));
        _column = columns == 1 ? widest : Math.Max(widest, _style.Pixels(columns == 3 ? 100 : 200));
        int content = (columns * _column) + ((columns - 1) * _style.Gap);
        _width = Math.Max(content + (2 * _style.Margin), _style.Pixels(320));

        FigureRow[] rows = [.. lines.SelectMany(line => line.Rows)];
        string[] shared = SharedWarnings(rows);
        foreach (FigureLine line in lines)
            _texts.Add([.. line.Texts.Select(text => FigureText.Of(
                text.Row,
                text.Row.Explanation.Warnings.Except(shared),
                _style,
                columns == 1 ? Room : (text.Span * _column) + ((text.Span - 1) * _style.Gap)))]);
        if (options.Legend)
            foreach (bool signed in rows.Select(row => row.Explanation.IsSigned).Distinct().Order())
                _legends.Add(new(options, signed, _style, Room));
        _notes = new(_style, Room);
        foreach (string warning in shared)
            _notes.AddWarning(warning);
    }

    private int Room => _width - (2 * _style.Margin);

    /// <exception cref="ArgumentException">The figure is too large for an array.</exception>
    public RgbImage Draw()
    {
        long height = (2L * _style.Margin) + ((_lines.Count - 1L) * _style.RowGap)
            + Enumerable.Range(0, _lines.Count).Sum(i => (long)TextHeight(i) + PanelHeight(i))
            + _legends.Sum(legend => (long)legend.Height + _style.Pixels(14))
            + (int)Math.Ceiling(_notes.Height);
        Canvas canvas = Canvas.White(_width, height);
        int y = _style.Margin;
        for (int i = 0; i < _lines.Count; i++)
        {
            DrawLine(canvas, i, y);
            y += TextHeight(i) + PanelHeight(i) + _style.RowGap;
        }
        y += _style.Pixels(14) - _style.RowGap;
        foreach (FigureLegend legend in _legends)
        {
            legend.Draw(canvas, _style.Margin, y);
            y += legend.Height + _style.Pixels(14);
        }
        _notes.Draw(canvas, _style.Margin, y);
        return canvas.ToImage();
    }

    private void DrawLine(Canvas canvas, int index, int y)
    {
        FigureLine line = _lines[index];
        for (int i = 0; i < line.Texts.Count; i++)
            _texts[index][i].Draw(canvas, Left(line.Texts[i].Column), y);
        // Pictures are drawn one at a time, because the pictures of all rows together can need much memory.
        foreach (var panels in line.Panels.GroupBy(panel => panel.Row, ReferenceEqualityComparer.Instance))
        {
            FigurePanels pictures = new((FigureRow)panels.Key!, _options);
            foreach ((_, PanelKind kind, int column) in panels)
            {
                RgbImage? picture = kind switch
                {
                    PanelKind.Original => pictures.Original,
                    PanelKind.Map => pictures.Map,
                    // Without a picture, only the map is drawn, in the column of the map or of the overlay.
                    _ => pictures.Overlay ?? (line.Panels.Any(p => p.Kind == PanelKind.Map) ? null : pictures.Map),
                };
                if (picture is not null)
                    canvas.Paste(picture, Left(column), y + TextHeight(index));
            }
        }
    }

    private static string[] SharedWarnings(FigureRow[] rows)
    {
        IEnumerable<string> shared = rows[0].Explanation.Warnings.Distinct();
        foreach (FigureRow row in rows[1..])
            shared = shared.Intersect(row.Explanation.Warnings);
        return [.. shared];
    }

    private int TextHeight(int index) => (int)Math.Ceiling(_texts[index].Max(text => text.Height)) + _style.Pixels(2);

    private int PanelHeight(int index) => _lines[index].Rows.Max(row => FigurePanels.SizeOf(row, _options).Height);

    private int Left(int column) => _style.Margin + (column * (_column + _style.Gap));
}
