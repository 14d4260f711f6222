using System.CommandLine;
using ScoreCam.Cli.Compare;
using Spectre.Console;

namespace ScoreCam.Cli.Evaluate;

/// <summary><c>scorecam merge</c>: joins the shards of an evaluation or of a comparison.</summary>
internal sealed class MergeCommand
{
    private readonly Argument<string[]> _files = new("files")
    {
        Description = "What scorecam evaluate or compare --shard … --json wrote.",
        HelpName = "A.json B.json …",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _images = Options.Text("--images", "DIR", "Folder of the pictures, for --report.");
    private readonly Option<string?> _json = Options.Text("--json", "FILE", "Write everything as JSON.");
    private readonly Option<string?> _csv = Options.Text(
        "--csv", "FILE", "Write one row per picture, method and metric. Only for an evaluation.");

    private readonly Option<string?> _report = Options.Text("--report", "FILE.html", "Write an HTML page.");
    private readonly Option<bool> _partial = new("--partial")
    {
        Description = "Join the shards that exist, even if some are missing.",
    };

    public static Command Create()
    {
        MergeCommand merge = new();
        Command command = new("merge", "Joins shards of an evaluation or of a comparison into one.")
        {
            merge._files, merge._images, merge._json, merge._csv, merge._report, merge._partial,
        };
        command.SetAction(merge.Run);
        return command;
    }

    private void Run(ParseResult parsed)
    {
        string[] files = parsed.GetRequiredValue(_files);
        string? images = parsed.GetValue(_images);
        EvaluationOutputs outputs = new()
        {
            Json = parsed.GetValue(_json),
            Csv = parsed.GetValue(_csv),
            Report = parsed.GetValue(_report),
        };
        outputs.Check(files);
        if (outputs.Report is not null && images is null)
            throw EvaluationOutputs.NoImages();
        bool[] kinds = [.. files.Select(ResultFile.IsComparison)];
        if (kinds.Distinct().Count() > 1)
            throw new UserException(
                $"'{files[Array.IndexOf(kinds, true)]}' is a comparison and "
                + $"'{files[Array.IndexOf(kinds, false)]}' an evaluation; merge parts of one kind");
        if (kinds[0])
            Compare(parsed, files, images);
        else
            Evaluate(parsed, outputs, files, images);
    }

    private void Evaluate(ParseResult parsed, EvaluationOutputs outputs, string[] files, string? images)
    {
        EvaluationResult result = EvaluationMerge.Of(
            [.. files.Select(path => (path, EvaluationResult.Load(path)))], parsed.GetValue(_partial));
        IAnsiConsole console = Screen.Open(parsed.InvocationConfiguration.Output);
        new EvaluationSummary(console).Write(result);
        outputs.Write(result, images);
        Written(console, outputs.Paths);
    }

    private void Compare(ParseResult parsed, string[] files, string? images)
    {
        if (parsed.GetValue(_csv) is not null)
            throw new UserException("--csv is for an evaluation, and these are parts of a comparison; take --json");
        CompareOutputs outputs = new() { Json = parsed.GetValue(_json), Report = parsed.GetValue(_report) };
        ComparisonResult result = ComparisonMerge.Of(
            [.. files.Select(path => (path, ComparisonResult.Load(path)))], parsed.GetValue(_partial));
        IAnsiConsole console = Screen.Open(parsed.InvocationConfiguration.Output);
        new CompareSummary(console).Write(result);
        outputs.Write(result, name => Path.Combine(images!, name));
        Written(console, outputs.Paths);
    }

    private static void Written(IAnsiConsole console, IEnumerable<string> paths)
    {
        foreach (string path in paths)
            console.WriteLine($"written  {Path.GetFullPath(path)}");
    }
}
