using ScoreCam.Rendering;

namespace ScoreCam.Cli.Explain;

/// <summary>Collects the explanations for <c>--figure</c>: one PNG with a row per explanation.</summary>
internal sealed class FigureReport : IDisposable
{
    // Larger figures are not readable, and every row keeps its picture in memory.
    private const int MaxRows = 50;

    private readonly OutputFile _file;
    private readonly FigureOptions _options;
    private readonly bool _namesImages;
    private readonly List<FigureRow> _rows = [];

    /// <param name="path">The path of the figure.</param>
    /// <param name="overlay">The options for drawing maps.</param>
    /// <param name="rows">The number of rows to expect.</param>
    /// <param name="namesImages">Whether the rows need the name of the image.</param>
    /// <exception cref="UserException">
    /// The path cannot be written or is not a .png, or there are too many rows.
    /// </exception>
    public FigureReport(string path, OverlayOptions overlay, int rows, bool namesImages)
    {
        if (!Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--figure writes a PNG file, not '{path}'");
        if (rows > MaxRows)
            throw new UserException(
                $"--figure holds at most {MaxRows} maps, and {rows} are asked for; "
                + "name fewer images, classes or layers");
        (_file, _options, _namesImages) = (OutputFile.Begin(path), new() { Overlay = overlay }, namesImages);
    }

    public void Add(ExplainedImage run)
    {
        string image = Path.GetFileName(run.Image.Name);
        foreach (Explanation explanation in run.Explanations)
            _rows.Add(new()
            {
                Explanation = explanation,
                Subtitle = _namesImages ? $"{image} · {FigureRow.Describe(explanation)}" : null,
            });
    }

    /// <summary>Draws the figure and moves it to its final path.</summary>
    public void Complete()
    {
        Figure.Draw(_rows, _options).SavePng(_file.TemporaryPath);
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();
}
