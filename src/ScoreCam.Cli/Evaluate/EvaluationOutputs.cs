using ScoreCam.Cli.Report;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The output files of an evaluation.</summary>
internal sealed record EvaluationOutputs
{
    public string? Json { get; init; }

    public string? Csv { get; init; }

    public string? Report { get; init; }

    public IReadOnlyList<string> Paths => [.. new[] { Json, Csv, Report }.OfType<string>()];

    /// <param name="read">The input files.</param>
    /// <exception cref="UserException">A path cannot be written, occurs twice, or is also an input.</exception>
    public void Check(IEnumerable<string> read)
    {
        OutputFile.RefuseOverwriting(read, Paths);
        if (Paths.Select(Path.GetFullPath).Distinct().Count() < Paths.Count)
            throw new UserException("--json, --csv and --report must name different files");
        foreach (string path in Paths)
            OutputFile.Check(path);
    }

    /// <param name="result">The evaluation to write.</param>
    /// <param name="images">The folder of the pictures that the report shows.</param>
    public void Write(EvaluationResult result, string? images)
    {
        OutputFile.Write(Json, result.Save);
        OutputFile.Write(Csv, path => EvaluationCsv.Write(result, path));
        OutputFile.Write(Report, path => EvaluationReport.Write(result, images ?? throw NoImages(), path));
    }

    /// <summary>Returns the error for a report that is requested without the pictures.</summary>
    public static UserException NoImages() => new("--report shows the pictures; give their folder by --images");
}
