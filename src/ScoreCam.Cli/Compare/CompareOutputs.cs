namespace ScoreCam.Cli.Compare;

/// <summary>The output files of a comparison.</summary>
internal sealed record CompareOutputs
{
    public string? Json { get; init; }

    public string? Figure { get; init; }

    public string? Report { get; init; }

    public IReadOnlyList<string> Paths => [.. new[] { Json, Figure, Report }.OfType<string>()];

    /// <param name="read">The input files.</param>
    /// <exception cref="UserException">A path cannot be written, occurs twice, or is also an input.</exception>
    public void Check(IEnumerable<string> read)
    {
        if (Figure is not null && !Path.GetExtension(Figure).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--out writes a PNG file, not '{Figure}'; for a page there is --report");
        if (Paths.Select(Path.GetFullPath).Distinct().Count() < Paths.Count)
            throw new UserException("--json, --out and --report must name different files");
        OutputFile.RefuseOverwriting(read, Paths);
        foreach (string path in Paths)
            OutputFile.Check(path);
    }

    /// <param name="result">The comparison to write.</param>
    /// <param name="pathOf">Returns the path of a picture.</param>
    public void Write(ComparisonResult result, Func<string, string> pathOf)
    {
        OutputFile.Write(Json, result.Save);
        OutputFile.Write(Figure, path => CompareFigure.Draw(result, pathOf).SavePng(path));
        OutputFile.Write(Report, path => CompareReport.Write(result, pathOf, path));
    }
}
