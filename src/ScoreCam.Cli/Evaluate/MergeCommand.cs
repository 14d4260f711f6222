using System.CommandLine;
using Spectre.Console;

namespace ScoreCam.Cli.Evaluate;

/// <summary><c>scorecam merge</c>: joins the shards of an evaluation.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        Argument<string[]> parts = new("files") { Description = "What scorecam evaluate --shard … --json wrote.", HelpName = "A.json B.json …", Arity = ArgumentArity.OneOrMore };
        Option<string?> images = Options.Text("--images", "DIR", "Folder of the pictures, for --report.");
        Option<string?> json = Options.Text("--json", "FILE", "Write everything as JSON.");
        Option<string?> csv = Options.Text("--csv", "FILE", "Write one row per picture, method and metric.");
        Option<string?> report = Options.Text("--report", "FILE.html", "Write a report to look at: one file with table, curves and pictures.");
        Option<bool> partial = new("--partial") { Description = "Join what there is, even where a shard is missing." };
        Command command = new("merge", "Joins shards of an evaluation into one table.") { parts, images, json, csv, report, partial };
        command.SetAction(parsed =>
        {
            EvaluationOutputs outputs = new() { Json = parsed.GetValue(json), Csv = parsed.GetValue(csv), Report = parsed.GetValue(report) };
            outputs.Check(parsed.GetRequiredValue(parts));
            if (outputs.Report is not null && parsed.GetValue(images) is null)
                throw new UserException("--report shows the pictures; give their folder by --images");
            (string, EvaluationResult)[] loaded = [.. parsed.GetRequiredValue(parts).Select(path => (path, EvaluationResult.Load(path)))];
            EvaluationResult result = EvaluationMerge.Of(loaded, parsed.GetValue(partial));
            IAnsiConsole console = Screen.Open(parsed.InvocationConfiguration.Output);
            new EvaluationSummary(console).Write(result);
            outputs.Write(result, parsed.GetValue(images));
            foreach (string path in outputs.Paths)
                console.WriteLine($"written  {Path.GetFullPath(path)}");
        });
        return command;
    }
}
