using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ScoreCam.Cli;

/// <summary>The usual help, followed by examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        [""] =
        [
            "scorecam explain --image cat.jpg",
            "scorecam inspect --model model.onnx",
        ],
        ["explain"] =
        [
            "scorecam explain",
            "scorecam explain --image cat.jpg --top 3 --figure why.png",
            "scorecam explain --model model.onnx --labels names.txt --fit crop --image a.jpg b.jpg --out maps/",
            "scorecam explain --image cat.jpg --class tabby --method rise:2000 --colormap inferno",
            "scorecam explain --image cat.jpg --max-passes 64 --json why.json",
        ],
        ["inspect"] =
        [
            "scorecam inspect",
            "scorecam inspect --model model.onnx --json",
        ],
        ["evaluate"] =
        [
            "scorecam evaluate --images photos/ --limit 20 --report report.html",
            "scorecam evaluate --images photos/ --boxes boxes.csv --method score-cam eigen-cam --csv results.csv",
            "scorecam evaluate --images photos/ --shard 1/4 --json part1.json",
        ],
        ["export"] = ["scorecam export --model model.onnx --method grad-cam --out explained.onnx"],
        ["merge"] = ["scorecam merge part1.json part2.json --csv results.csv"],
        ["compare"] =
        [
            "scorecam compare --image cat.jpg --method score-cam eigen-cam --out methods.png",
            "scorecam compare --image cat.jpg --model a.onnx b.onnx --report models.html",
            "scorecam compare --model a.onnx --model b.onnx --images photos/ --boxes boxes.csv --report networks.html",
        ],
    };

    /// <summary>Returns the examples of a command. Every line is a valid command line.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) =>
        Examples.GetValueOrDefault(command is RootCommand ? "" : command.Name, []);

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in ExamplesOf(parseResult.CommandResult.Command))
            output.WriteLine($"  {example}");
        output.WriteLine();
        return exitCode;
    }
}
