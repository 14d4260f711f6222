using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>The terminal, or the file or pipe that replaces it.</summary>
internal static class Screen
{
    // A line in a file must not be wrapped to fit a screen.
    private const int Unbroken = 10_000;

    public static IAnsiConsole Open(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unbroken;
        return console;
    }
}

/// <summary>
/// Shows the progress of all runs: a bar on a terminal, or occasional lines if the output is redirected.
/// </summary>
internal static class ProgressView
{
    /// <summary>Returns the progress of a run, 0…1.</summary>
    public static double Share(this ExplainProgress progress) => (double)progress.Done / Math.Max(1, progress.Total);

    /// <summary>
    /// Does the work and shows its progress. The work receives a function that names the next run and returns the
    /// receiver of its reports. The work must write its output to the same console, which keeps the bar below the
    /// output.
    /// </summary>
    /// <param name="console">The console on which the bar is drawn.</param>
    /// <param name="log">
    /// The writer for progress lines if the console is not a terminal; null for no lines. This is the error stream,
    /// because redirected output contains only results.
    /// </param>
    /// <param name="runs">The number of runs.</param>
    /// <param name="work">
    /// The work. It loads the model first, and the bar shows this until the first run begins.
    /// </param>
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
                // Loading and explaining are synchronous. On this thread, they would prevent the bar from being drawn.
                await Task.Run(() => work(name =>
                {
                    bar.MaxValue = Math.Max(1, runs.Total);
                    bar.Description = Markup.Escape(runs.Total == 1 ? name : $"{started + 1}/{runs.Total} {name}");
                    return new RunProgress(bar, started++);
                }));
            });
    }

    /// <summary>The progress of one run. Reports come from worker threads and can be out of order.</summary>
    private sealed class RunProgress(ProgressTask bar, int before) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => bar.Value = Math.Max(bar.Value, before + value.Share());
    }
}

/// <summary>The number of runs. It decreases if some runs turn out to need no work. Thread-safe.</summary>
internal sealed class RunCount(int total)
{
    private int _total = total;

    public int Total => _total;

    public void Skip(int runs) => Interlocked.Add(ref _total, -runs);

    public static implicit operator RunCount(int total) => new(total);
}
