using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

/// <summary>An evaluation as a page: table, curves, sanity check and gallery.</summary>
internal static class EvaluationReport
{
    /// <param name="result">What to show.</param>
    /// <param name="images">The folder of its pictures.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="UserException">A picture is not in its folder any more.</exception>
    public static void Write(EvaluationResult result, string images, string path)
    {
        EvaluationSetup setup = result.Setup;
        ReportPage.Write(path, $"{setup.Model}: how well maps explain it", html =>
        {
            html.Write($"""
                <h1>{setup.Model}: how well maps explain it</h1>
                <p class="dim">{result.Pictures} · {result.Methods.Count} methods · seed {setup.Seed} · ScoreCam {setup.Version} · model SHA-256 <code>{setup.ModelSha256[..16]}…</code></p>
                """);
            WriteTable(html, result);
            CurveChart.Write(html, result);
            SanityStrip.Write(html, result.Sanity);
            new Gallery(html, result, images).Write();
            WriteLeftOut(html, "Left out", result.LeftOut);
            WriteLeftOut(html, "Not available for this network", result.Unavailable);
            html.Write($"""<p class="dim"><small>Preprocessing: {setup.Preprocessing}</small></p>""");
        });
    }

    private static void WriteTable(HtmlWriter html, EvaluationResult result)
    {
        html.Write($"""
            <h2>Summary</h2>
            <p class="dim">Mean over the pictures, its bootstrap 95 % interval, and the number of pictures where it is not all of them. ↑ larger is better, ↓ smaller is better. The controls know nothing of the
            network's decision; the best of the other methods is marked.</p>
            <div class="scroll"><table><tr><th>method</th>
            """);
        foreach (MetricColumn metric in result.Setup.Metrics)
            html.Write($"<th>{metric.Title} {(metric.HigherIsBetter ? "↑" : "↓")}</th>");
        html.Write($"<th>seconds per map</th></tr>");
        foreach (SummaryRow row in result.Summary)
        {
            int count = result.Cases.Count(record => record.Method == row.Method);
            html.Write($"""<tr class="{(result.Methods.Any(m => m.Name == row.Method && m.IsControl) ? "control" : "")}"><td>{row.Method}</td>""");
            foreach (MetricColumn metric in result.Setup.Metrics)
            {
                SummaryCell cell = row.Cells[metric.Name];
                html.Write($"""<td{new HtmlWriter.Raw(SummaryRow.Best(result, metric).Contains(row.Method) ? " class=\"best\"" : "")}>{metric.Format(cell.Mean)}""");
                if (cell.Mean is not null)
                    html.Write($"<small>{metric.Interval(cell)}{(cell.Count == count ? "" : $" (n = {cell.Count})")}</small>");
                html.Write($"</td>");
            }
            html.Write($"<td>{row.Seconds:0.00}</td></tr>");
        }
        html.Write($"</table></div>");
    }

    private static void WriteLeftOut(HtmlWriter html, string title, IReadOnlyList<LeftOut> left)
    {
        if (left.Count == 0)
            return;
        html.Write($"<h2>{title}</h2><ul>");
        foreach (LeftOut one in left)
            html.Write($"<li><code>{one.Name}</code>: {one.Reason}</li>");
        html.Write($"</ul>");
    }
}
