using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>
/// Draws explanations for a page, on white: the pictures with labels, the probability of the class, the warnings and
/// the colour scale.
/// </summary>
public static class Figure
{
    /// <summary>
    /// Draws one row per explanation, for example of several targets, layers or presets: the original, the map and the
    /// overlay.
    /// </summary>
    /// <inheritdoc cref="Draw(IReadOnlyList{FigureRow}, FigureOptions?)"/>
    public static RgbImage Draw(IEnumerable<Explanation> explanations, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explanations);
        return Draw([.. explanations.Select(explanation => new FigureRow { Explanation = explanation })], options);
    }

    /// <summary>Draws one row per entry: the original, the map and the overlay.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="options">The sizes and colours; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, a picture has another size than the explained one, an option is not valid, or the figure is
    /// larger than an array holds.
    /// </exception>
    public static RgbImage Draw(IReadOnlyList<FigureRow> rows, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("A figure has at least one row; give an explanation.", nameof(rows));
        for (int i = 0; i < rows.Count; i++)
            RequireExplanation(rows[i], i, nameof(rows));
        options = Checked(options);
        int columns = rows.Any(row => row.Original is not null) ? 3 : 1;
        return new FigureLayout([.. rows.Select(row => FigureLine.Stacked(row, columns))], columns, options).Draw();
    }

    /// <summary>
    /// Draws side by side: each row shows the original and then the overlay of each of its explanations, for example of
    /// several networks.
    /// </summary>
    /// <param name="rows">
    /// The rows, at least one, each with at least one explanation, all of one picture. The place of a null stays empty;
    /// if it is the first, the original is left out too.
    /// </param>
    /// <param name="options">The sizes and colours; null for the defaults.</param>
    /// <inheritdoc cref="Draw(IReadOnlyList{FigureRow}, FigureOptions?)" path="/exception"/>
    public static RgbImage DrawSideBySide(IReadOnlyList<IReadOnlyList<FigureRow?>> rows, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(row => row is null || row.All(cell => cell is null)))
            throw new ArgumentException(
                "A figure has at least one row, and each row at least one explanation.", nameof(rows));
        for (int i = 0; i < rows.Count; i++)
            foreach (FigureRow cell in rows[i].OfType<FigureRow>())
                RequireExplanation(cell, i, nameof(rows));
        options = Checked(options);
        int columns = 1 + rows.Max(row => row.Count);
        return new FigureLayout([.. rows.Select(FigureLine.SideBySide)], columns, options).Draw();
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
            throw new ArgumentException(
                "FigureOptions.Overlay is null; leave it out for the default colours.", nameof(options));
        return options.PanelHeight is >= 64 and <= 4096
            ? options
            : throw new ArgumentException(
                $"FigureOptions.PanelHeight is {options.PanelHeight}; expected 64…4096 pixels.", nameof(options));
    }
}

/// <summary>The sizes and colours of a <see cref="Figure"/>.</summary>
public sealed record FigureOptions
{
    /// <summary>
    /// The height of each picture in pixels, 64…4096. Originals are scaled to it; letters and margins follow it.
    /// Default 320.
    /// </summary>
    public int PanelHeight { get; init; } = 320;

    /// <summary>The colours of the maps and the opacity of the overlays.</summary>
    public OverlayOptions Overlay { get; init; } = new();

    /// <summary>Draws the contour of this value on each overlay, for example 0.5. Default: none.</summary>
    public float? Contour { get; init; }

    /// <summary>
    /// Draws a box on each overlay, around the largest region with at least this value. Default: none.
    /// </summary>
    public float? Box { get; init; }

    /// <summary>Whether the colour scale is drawn below the pictures. Default true.</summary>
    public bool Legend { get; init; } = true;

    /// <summary>
    /// Caption of the colour scale of signed maps, −1…1. Default (null): evidence against and for the class.
    /// </summary>
    public string? SignedLegend { get; init; }
}
