using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>The terminal, or the file or pipe that stands in for it.</summary>
internal static class Screen
{
    // Wide enough for any line: what is written to a file must not be broken to fit a screen that is not there.
    private const int Unbroken = 10_000;

    public static IAnsiConsole Open(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unbroken;
        return console;
    }
}
