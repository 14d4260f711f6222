using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>The terminal, or the file or pipe that stands in for it.</summary>
internal static class Screen
{
    // A line in a file must not be broken to fit a screen.
    private const int Unbroken = 10_000;

    public static IAnsiConsole Open(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unbroken;
        return console;
    }
}

/// <summary>Shows how far all runs are: a bar on a terminal, a line now and then in redirected output.</summary>
internal static class ProgressView
{
    /// <summary>How far a run is, 0…1.</summary>
    public static double Share(this ExplainProgress progress) => (double)progress.Done / Math.Max(1, progress.Total);

    /// <summary>
    /// Does the work and shows how far it is. The work gets a function that names the next run and returns where to
    /// report it. What the work writes must go to the same console, which keeps the bar below it.
    /// </summary>
    /// <param name="console">Where the bar is drawn.</param>
    /// <param name="log">
    /// Where lines go if the console is no terminal; null for no lines. This is the error stream, because redirected
    /// output holds results alone.
    /// </param>
    /// <param name="runs">Number of runs.</param>
    /// <param name="work">What is done. It loads the model first: the bar says so until the first run begins.</param>
    public static async Task ShowAsync(
        IAnsiConsole console,
        TextWriter? log,
        RunCount runs,
        Func<Func<string, IProgress<ExplainProgress>?>, Task> work)
    {
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi)
        {
            using ProgressLines? lines = log is null ? null : new(log, runs, TimeProvider.System);
            await work(name => lines?.NextRun(name));
            return;
        }
        ProgressColumn[] columns =
            [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        await console.Progress()
            .AutoClear(true)
            .Columns(columns)
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("loading the model", maxValue: Math.Max(1, runs.Total));
                int started = 0;
                // Loading and explaining are synchronous: on this thread they would keep the bar from being drawn.
                await Task.Run(() => work(name =>
                {
                    bar.MaxValue = Math.Max(1, runs.Total);
                    bar.Description = Markup.Escape(runs.Total == 1 ? name : $"{started + 1}/{runs.Total} {name}");
                    return new RunProgress(bar, started++);
                }));
            });
    }

    /// <summary>Reports come from worker threads, and need not come in order.</summary>
    private sealed class RunProgress(ProgressTask bar, int before) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => bar.Value = Math.Max(bar.Value, before + value.Share());
    }
}

/// <summary>How many runs there are. The number falls when some turn out to need no work. Thread-safe.</summary>
internal sealed class RunCount(int total)
{
    private int _total = total;

    public int Total => _total;

    public void Skip(int runs) => Interlocked.Add(ref _total, -runs);

    public static implicit operator RunCount(int total) => new(total);
}
