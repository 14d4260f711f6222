namespace ScoreCam.Imaging;

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
        options ??= new();
        if (rows.Count == 0)
            throw new ArgumentException("A figure has at least one row; give an explanation.", nameof(rows));
        if (options.PanelHeight is < 64 or > 4096)
            throw new ArgumentException($"FigureOptions.PanelHeight is {options.PanelHeight}; expected 64…4096 pixels.", nameof(options));
        return new FigureLayout(rows, options).Draw();
    }
}
