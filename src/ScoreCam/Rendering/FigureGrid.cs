using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Where everything stands in a figure with one picture per row and one explanation per column.</summary>
internal sealed class FigureGrid(IReadOnlyList<IReadOnlyList<FigureRow?>> rows, FigureOptions options)
{
    private readonly FigureStyle _style = new(options.PanelHeight);

    public RgbImage Draw()
    {
        (int Width, int Height)[] sizes = [.. rows.Select(row => FigurePanels.SizeOf(row.OfType<FigureRow>().First(), options))];
        // Names need some room, even over a narrow picture.
        int column = Math.Max(sizes.Max(size => size.Width), _style.Pixels(200));
        int columns = 1 + rows.Max(row => row.Count);
        long width = (2L * _style.Margin) + ((long)columns * column) + ((columns - 1L) * _style.Gap);
        long height = (2L * _style.Margin) + sizes.Sum(size => (long)_style.TitleBlock + size.Height) + ((rows.Count - 1L) * _style.RowGap);
        Canvas canvas = FigureStyle.White(width, height);
        int y = _style.Margin;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < rows[r].Count; c++)
                if (rows[r][c] is { } cell)
                    DrawCell(canvas, cell, c, _style.Margin + ((c + 1) * (column + _style.Gap)), y, column);
            y += _style.TitleBlock + sizes[r].Height + _style.RowGap;
        }
        return canvas.ToImage();
    }

    private void DrawCell(Canvas canvas, FigureRow cell, int index, int x, int y, int room)
    {
        FigurePanels panels = new(cell, options);
        _style.Write(canvas, cell.TitleText, cell.SubtitleText, x, y, room);
        canvas.Paste(panels.Drawn ?? panels.Map, x, y + _style.TitleBlock);
        if (index == 0 && panels.Original is { } original)
            canvas.Paste(original, _style.Margin, y + _style.TitleBlock);
    }
}
