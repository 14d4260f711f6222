using Spectre.Console;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// Writes the table in the form of the paper, with a row per method and a column per metric. It is drawn on a terminal,
/// and it is Markdown if the output is redirected.
/// </summary>
internal sealed class EvaluationSummary(IAnsiConsole console)
{
    public void Write(EvaluationResult result)
    {
        foreach (LeftOut left in result.LeftOut)
            console.WriteLine($"left out {left.Name}: {left.Reason}");
        foreach (LeftOut gone in result.Unavailable)
            console.WriteLine($"without  {gone.Name}: {gone.Reason}");
        if (result.Cases.Length > 0)
        {
            if (console.Profile.Out.IsTerminal)
                Draw(result);
            else
                Markdown(result);
            console.WriteLine("Mean over the pictures and its bootstrap 95 % interval; ↑ larger is better, ↓ smaller "
                + "is better; in bold what no other method is clearly better than, the controls left aside.");
        }
        string shard = result.Shards.Length > 0 ? $"; shard {string.Join(", ", result.Shards)}" : "";
        string leftOut = result.LeftOut.Length > 0
            ? $", {result.LeftOut.Select(left => left.Name).Distinct().Count()} left out"
            : "";
        console.WriteLine($"{result.Setup.Name}: {result.Pictures}{leftOut}{shard}");
    }

    private void Draw(EvaluationResult result)
    {
        int names = Math.Max("method".Length, result.Methods.Max(method => method.Name.Length)) + 4;
        int width = names;
        List<MetricColumn> columns = [];
        foreach (MetricColumn metric in result.Setup.Metrics)
        {
            int cell = result.Summary.Max(row => Interval(row, metric).Length);
            int needed = 3 + Math.Max(cell, Title(metric).Split(' ').Max(word => word.Length));
            if (columns.Count > 0 && width + needed > console.Profile.Width)
            {
                Draw(result, columns);
                (columns, width) = ([], names);
            }
            columns.Add(metric);
            width += needed;
        }
        Draw(result, columns);
    }

    private void Draw(EvaluationResult result, IReadOnlyList<MetricColumn> columns)
    {
        Table table = new Table().RoundedBorder().AddColumn("method");
        foreach (MetricColumn metric in columns)
            table.AddColumn(new TableColumn(new Text(Title(metric))).RightAligned());
        foreach (SummaryRow row in result.Summary)
            table.AddRow([
                new Text(row.Method),
                .. columns.Select(metric => (Spectre.Console.Rendering.IRenderable)new Markup(
                    $"{(SummaryRow.Leaders(result, metric).Contains(row.Method) ? $"[bold]{Mean(row,
                        metric)}[/]" : Mean(row, metric))}\n[dim]{Markup.Escape(Interval(row, metric))}[/]")),
            ]);
        console.Write(table);
    }

    private void Markdown(EvaluationResult result)
    {
        console.WriteLine($"| method | {string.Join(" | ", result.Setup.Metrics.Select(Title))} |");
        console.WriteLine($"|---|{string.Concat(result.Setup.Metrics.Select(_ => "--:|"))}");
        foreach (SummaryRow row in result.Summary)
            console.WriteLine($"| {row.Method} | "
                + $"{string.Join(" | ", result.Setup.Metrics.Select(metric => Cell(result, row, metric)))} |");
        console.WriteLine();
    }

    private static string Cell(EvaluationResult result, SummaryRow row, MetricColumn metric)
    {
        string mean = Mean(row, metric);
        return $"{(SummaryRow.Leaders(result, metric).Contains(row.Method) ? $"**{mean}**" : mean)} "
            + $"{Interval(row, metric)}".TrimEnd();
    }

    private static string Title(MetricColumn metric) => $"{metric.Title} {(metric.HigherIsBetter ? '↑' : '↓')}";

    private static string Mean(SummaryRow row, MetricColumn metric) => metric.Format(row.Cells[metric.Name].Mean);

    private static string Interval(SummaryRow row, MetricColumn metric) => metric.Interval(row.Cells[metric.Name]);
}
