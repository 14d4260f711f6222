using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Lays explanations out for a page: in each row the original, the map and the overlay, with labels and the colour scale, on white.</summary>
public static class Figure
{
    /// <summary>One row for each explanation, for example of several targets, layers or presets.</summary>
    /// <inheritdoc cref="Draw(IReadOnlyList{FigureRow}, FigureOptions?)"/>
    public static RgbImage Draw(IEnumerable<Explanation> explanations, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explanations);
        return Draw([.. explanations.Select(explanation => new FigureRow { Explanation = explanation })], options);
    }

    /// <summary>One row for each entry.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="options">Sizes and colours; null takes the defaults.</param>
    /// <exception cref="ArgumentException">There are no rows, a picture has another size than the one that was explained, an option is not valid, or the figure is larger than an array holds.</exception>
    public static RgbImage Draw(IReadOnlyList<FigureRow> rows, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("A figure has at least one row; give an explanation.", nameof(rows));
        for (int i = 0; i < rows.Count; i++)
            RequireExplanation(rows[i], i, nameof(rows));
        return new FigureLayout(rows, Checked(options)).Draw();
    }

    /// <summary>Side by side: in each row the original, and then each of its explanations over it, for example of several networks on one picture.</summary>
    /// <param name="rows">At least one row, each of at least one explanation, all of one picture. A null leaves its place empty, and the original's too where it is the first.</param>
    /// <param name="options">Sizes and colours; null takes the defaults. There is no colour scale below.</param>
    /// <inheritdoc cref="Draw(IReadOnlyList{FigureRow}, FigureOptions?)" path="/exception"/>
    public static RgbImage DrawSideBySide(IReadOnlyList<IReadOnlyList<FigureRow?>> rows, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(row => row is null || row.All(cell => cell is null)))
            throw new ArgumentException("A figure has at least one row, and each row at least one explanation.", nameof(rows));
        for (int i = 0; i < rows.Count; i++)
            foreach (FigureRow cell in rows[i].OfType<FigureRow>())
                RequireExplanation(cell, i, nameof(rows));
        return new FigureGrid(rows, Checked(options)).Draw();
    }

    private static void RequireExplanation(FigureRow? row, int index, string parameter)
    {
        if (row?.Explanation is null)
            throw new ArgumentException($"Row {index} has no explanation.", parameter);
    }

    private static FigureOptions Checked(FigureOptions? options)
    {
        options ??= new();
        if (options.Overlay is null)
            throw new ArgumentException("FigureOptions.Overlay is null; leave it out for the default colours.", nameof(options));
        return options.PanelHeight is >= 64 and <= 4096 ? options
            : throw new ArgumentException($"FigureOptions.PanelHeight is {options.PanelHeight}; expected 64…4096 pixels.", nameof(options));
    }
}
