using ScoreCam.Cli.Report;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The files that an evaluation is written to.</summary>
internal sealed record EvaluationOutputs
{
    public string? Json { get; init; }

    public string? Csv { get; init; }

    public string? Report { get; init; }

    public IReadOnlyList<string> Paths => [.. new[] { Json, Csv, Report }.OfType<string>()];

    /// <param name="read">The files that are read.</param>
    /// <exception cref="UserException">A place cannot be written, two are one, or it is read.</exception>
    public void Check(IEnumerable<string> read)
    {
        OutputFile.RefuseOverwriting(read, Paths);
        if (Paths.Select(Path.GetFullPath).Distinct().Count() < Paths.Count)
            throw new UserException("--json, --csv and --report must name different files");
        foreach (string path in Paths)
            OutputFile.Check(path);
    }

    /// <param name="result">What to write.</param>
    /// <param name="images">The folder of the pictures that the report shows.</param>
    public void Write(EvaluationResult result, string? images)
    {
        OutputFile.Write(Json, result.Save);
        OutputFile.Write(Csv, path => EvaluationCsv.Write(result, path));
        OutputFile.Write(Report, path => EvaluationReport.Write(result, images ?? throw NoImages(), path));
    }

    /// <summary>What is said where a report is asked for without the pictures.</summary>
    public static UserException NoImages() => new("--report shows the pictures; give their folder by --images");
}
