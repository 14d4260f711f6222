using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>Shows how far all runs are: a bar on a terminal, a line now and then in redirected output.</summary>
internal static class ProgressView
{
    /// <summary>How far a run is, 0…1.</summary>
    public static double Share(this ExplainProgress progress) => (double)progress.Done / Math.Max(1, progress.Total);

    /// <summary>
    /// Does the work and shows how far it is. The work gets a function that names the next run and returns where to report
    /// it. What the work writes must go to the same console, which keeps the bar below it.
    /// </summary>
    /// <param name="console">Where the bar is drawn.</param>
    /// <param name="log">
    /// Where lines go if the console is no terminal; null for no lines. Redirected output holds results alone, so this is the
    /// error stream.
    /// </param>
    /// <param name="runs">Number of runs.</param>
    /// <param name="work">What is done.</param>
    public static async Task ShowAsync(
        IAnsiConsole console, TextWriter? log, int runs, Func<Func<string, IProgress<ExplainProgress>?>, Task> work)
    {
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi)
        {
            ProgressLines? lines = log is null ? null : new(log, runs, TimeProvider.System);
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
                ProgressTask bar = context.AddTask("loading", maxValue: runs);
                int started = 0;
                await work(name =>
                {
                    bar.Description = runs == 1 ? Markup.Escape(name) : Markup.Escape($"{started + 1}/{runs} {name}");
                    return new RunProgress(bar, started++);
                });
            });
    }

    /// <summary>Reports come from worker threads, and need not come in order.</summary>
    private sealed class RunProgress(ProgressTask bar, int before) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => bar.Value = Math.Max(bar.Value, before + value.Share());
    }
}
