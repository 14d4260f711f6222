using ScoreCam.Rendering;

namespace ScoreCam.Cli.Explain;

/// <summary>Collects the explanations for <c>--figure</c>: one PNG with a row for each.</summary>
internal sealed class FigureReport : IDisposable
{
    /// <summary>A figure of more rows is no longer one to look at, and every row keeps its picture in memory.</summary>
    private const int MaxRows = 50;

    private readonly OutputFile _file;
    private readonly bool _namesImages;
    private readonly List<FigureRow> _rows = [];

    /// <param name="path">Where to.</param>
    /// <param name="rows">How many rows there will be.</param>
    /// <param name="namesImages">Whether the rows need the image's name.</param>
    /// <exception cref="UserException">The path cannot be written, is no .png, or there will be too many rows.</exception>
    public FigureReport(string path, int rows, bool namesImages)
    {
        if (!Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--figure writes a PNG file, not '{path}'");
        if (rows > MaxRows)
            throw new UserException($"--figure holds at most {MaxRows} maps, and {rows} are asked for; name fewer images, classes or layers");
        (_file, _namesImages) = (OutputFile.Begin(path), namesImages);
    }

    public void Add(LayerRun run)
    {
        foreach (Explanation explanation in run.Explanations)
            _rows.Add(new() { Explanation = explanation, Subtitle = _namesImages ? $"{Path.GetFileName(run.Image.Name)} · {FigureRow.Describe(explanation)}" : null });
    }

    /// <summary>Draws the figure and puts it in its place.</summary>
    public void Complete()
    {
        Figure.Draw(_rows).SavePng(_file.TemporaryPath);
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();
}
