using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>
/// Draws explanations as a figure on white: the labelled pictures, the probability of the class, the warnings and the
/// colour scale.
/// </summary>
public static class Figure
{
    /// <summary>
    /// Draws one row per explanation, with the original, the map and the overlay. Use it, for example, for several
    /// targets, layers or presets.
    /// </summary>
    /// <inheritdoc cref="Draw(IReadOnlyList{FigureRow}, FigureOptions?)"/>
    public static RgbImage Draw(IEnumerable<Explanation> explanations, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explanations);
        return Draw([.. explanations.Select(explanation => new FigureRow { Explanation = explanation })], options);
    }

    /// <summary>Draws one row per entry, with the original, the map and the overlay.</summary>
    /// <param name="rows">The rows; at least one.</param>
    /// <param name="options">The sizes and colours; null uses the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, the size of a picture differs from the size of the explained picture, an option is not valid,
    /// or the figure is too large for an array.
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
    /// Draws overlays side by side. Each row shows the original, followed by the overlay of each of its explanations.
    /// Use it, for example, for several networks.
    /// </summary>
    /// <param name="rows">
    /// The rows; at least one. Each row has at least one explanation, and all its explanations belong to the same
    /// picture. A null entry leaves its place empty. If the first entry is null, the original is omitted as well.
    /// </param>
    /// <param name="options">The sizes and colours; null uses the defaults.</param>
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

/// <summary>Sizes and colours of a <see cref="Figure"/>.</summary>
public sealed record FigureOptions
{
    /// <summary>
    /// The height of each picture in pixels, 64…4096. Originals are scaled to this height, and text and margins scale
    /// with it. The default is 320.
    /// </summary>
    public int PanelHeight { get; init; } = 320;

    /// <summary>The colours of the maps and the opacity of the overlays.</summary>
    public OverlayOptions Overlay { get; init; } = new();

    /// <summary>
    /// The value at which a contour is drawn on each overlay, for example 0.5. The default is null, which draws no
    /// contour.
    /// </summary>
    public float? Contour { get; init; }

    /// <summary>
    /// The threshold for a box on each overlay. The box encloses the largest region with at least this value. The
    /// default is null, which draws no box.
    /// </summary>
    public float? Box { get; init; }

    /// <summary>Whether the colour scale is drawn below the pictures. The default is true.</summary>
    public bool Legend { get; init; } = true;

    /// <summary>
    /// The caption of the colour scale of signed maps, −1…1. The default is null, which means a caption about evidence
    /// against and for the class.
    /// </summary>
    public string? SignedLegend { get; init; }
}
