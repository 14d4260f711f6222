using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>A progress bar over all runs; only on a terminal, so that redirected output holds results alone.</summary>
internal static class ProgressView
{
    /// <summary>Does the work and shows how far it is; what the work says must go to the same console, which keeps the bar below it. The work gets a function that names the next run and returns where to report it.</summary>
    public static async Task ShowAsync(IAnsiConsole console, int runs, Func<Func<string, IProgress<ExplainProgress>?>, Task> work)
    {
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi)
        {
            await work(_ => null);
            return;
        }
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
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
        public void Report(ExplainProgress value) => bar.Value = Math.Max(bar.Value, before + ((double)value.Done / Math.Max(1, value.Total)));
    }
}
