using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ScoreCam.Cli.Compare;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Cli.Explain;
using ScoreCam.Cli.Export;
using ScoreCam.Cli.Inspect;
using ScoreCam.IO;

namespace ScoreCam.Cli;

/// <summary>
/// The command <c>scorecam</c>. It parses the arguments, runs a subcommand, and converts a failure to one line of text
/// and an exit code.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default)
    {
        Option<bool> verbose = new("--verbose")
        {
            Description = "Show the stack trace of a failure.",
            Recursive = true,
        };
        ParseResult parsed = Create(verbose).Parse(arguments);
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new UserException(Mistake(parsed));
            InvocationConfiguration configuration = new()
            {
                Output = output,
                Error = error,
                // ErrorReport handles failures, and Program handles signals.
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception failure)
        {
            return ErrorReport.Write(failure, error, parsed.GetValue(verbose), cancellationToken);
        }
    }

    /// <summary>Creates the root command with its subcommands.</summary>
    public static RootCommand Create(Option<bool> verbose)
    {
        RootCommand root = new("Shows why an ONNX image classifier decided as it did, with saliency maps.")
        {
            verbose,
            ExplainCommand.Create(),
            InspectCommand.Create(),
            EvaluateCommand.Create(),
            MergeCommand.Create(),
            CompareCommand.Create(),
            ExportCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static string Mistake(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string mistake = Mistake(parsed, command);
        string help = command is RootCommand ? "scorecam --help" : $"scorecam {command.Name} --help";
        return mistake.EndsWith('?') ? $"{mistake} See {help}" : $"{mistake}; see {help}";
    }

    private static string Mistake(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens is not [string unknown, ..])
            return command is RootCommand
                ? $"no command is given; commands are {string.Join(", ", command.Subcommands.Select(c => c.Name))}"
                : parsed.Errors[0].Message.TrimEnd('.');
        string fileOption = unknown.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? "--model" : "--image";
        if (File.Exists(unknown) && command.Options.Any(option => option.Name == fileOption))
            return $"'{unknown}' is a file without an option; did you mean {fileOption} {unknown}?";
        IEnumerable<Symbol> symbols = [.. command.Subcommands, .. command.Options];
        string? suggestion = Suggestion.DidYouMean(unknown, symbols.Select(symbol => symbol.Name));
        return $"there is no command or option '{unknown}'{suggestion}";
    }
}
