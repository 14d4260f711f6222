using System.CommandLine;
using System.CommandLine.Invocation;
using ScoreCam.Cli.Compare;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Cli.Explain;
using ScoreCam.Cli.Inspect;

namespace ScoreCam.Cli;

/// <summary>The command <c>scorecam</c>: parses the arguments, runs a subcommand, turns failures into one line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        Option<bool> verbose = new("--verbose") { Description = "Show the stack trace of a failure.", Recursive = true };
        RootCommand root = new("Shows why an ONNX image classifier decided as it did: saliency maps by Score-CAM.")
        {
            verbose,
            ExplainCommand.Create(),
            InspectCommand.Create(),
            EvaluateCommand.Create(),
            MergeCommand.Create(),
            CompareCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new UserException($"{Mistake(parsed)}; see scorecam --help");
            // Signals are Program's, failures are ErrorReport's: the parser's own handling of both is off.
            return await parsed.InvokeAsync(
                new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
        }
        catch (Exception failure)
        {
            return ErrorReport.Write(failure, error, parsed.GetValue(verbose), cancellationToken);
        }
    }

    private static string Mistake(ParseResult parsed) =>
        parsed.UnmatchedTokens is [string unknown, ..] ? $"there is no command or option '{unknown}'" : parsed.Errors[0].Message.TrimEnd('.');
}
