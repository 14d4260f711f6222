using ScoreCam.Cli.Report;

namespace ScoreCam.Cli.Compare;

/// <summary>A comparison as a page: a card per picture, its maps side by side, and how far all of them agree.</summary>
internal static class CompareReport
{
    public static void Write(IReadOnlyList<Comparison> comparisons, string path) => ReportPage.Write(path, "Compared explanations", html =>
    {
        html.Write($"""<h1>Compared explanations</h1><p class="dim">{comparisons.Count} pictures · ScoreCam {ProgramVersion.Current}</p>""");
        WriteAgreement(html, comparisons);
        html.Write($"""<h2>Pictures</h2><div class="tools">""");
        ReportPage.WriteSlider(html);
        html.Write($"</div>");
        foreach (Comparison comparison in comparisons)
            WriteCard(html, comparison);
    });

    private static void WriteAgreement(HtmlWriter html, IReadOnlyList<Comparison> comparisons)
    {
        IReadOnlyList<ComparedMap> columns = comparisons[0].Maps;
        html.Write($"""
            <h2>Agreement</h2>
            <p class="dim">Spearman's rank correlation of the maps on the picture, mean over the pictures: 1 where two order the pixels alike, 0 where one says nothing about the other.</p>
            <div class="scroll"><table><tr><th></th>
            """);
        foreach (ComparedMap column in columns)
            html.Write($"<th>{column.Letter}</th>");
        html.Write($"</tr>");
        for (int i = 0; i < columns.Count; i++)
        {
            html.Write($"<tr><td><b>{columns[i].Letter}</b> {columns[i].Column}</td>");
            for (int j = 0; j < columns.Count; j++)
                html.Write($"<td>{comparisons.Average(comparison => comparison.Agreement(i, j)):0.000}</td>");
            html.Write($"</tr>");
        }
        html.Write($"</table></div>");
    }

    private static void WriteCard(HtmlWriter html, Comparison comparison)
    {
        string photo = DataUri.Photo(comparison.Picture), name = Path.GetFileName(comparison.Image);
        html.Write($"""
            <article class="card" style="--photo:url({photo});--ratio:{comparison.Picture.Width}/{comparison.Picture.Height}">
            <h3>{name}</h3>
            <div class="parts"><figure class="tile"><div class="original"><img alt="{name}" src="{photo}"></div><figcaption>original</figcaption></figure><div class="tiles">
            """);
        for (int i = 0; i < comparison.Maps.Count; i++)
        {
            ComparedMap map = comparison.Maps[i];
            html.Write($"""<div class="tile">""");
            WriteMap(html, $"map {map.Letter}", DataUri.Map(map.Small), $"{map.Letter} {map.Column}");
            html.Write($"<small>");
            if (map.Explanation.TargetName != map.Top[0].Name)
                html.Write($"explained: {map.Explanation.TargetName} {100 * (map.Explanation.Probability ?? 0):0.0} %<br>");
            foreach ((string top, double probability) in map.Top)
                html.Write($"{top} {100 * probability:0.0} %<br>");
            html.Write($"</small>");
            if (i > 0)
            {
                Explanation difference = comparison.DifferenceToFirst(i);
                WriteMap(html, $"difference {difference.TargetName}", DataUri.Map(difference.Map, signed: true), $"{difference.TargetName}");
                html.Write($"<small>rank correlation {comparison.Agreement(0, i):0.000}; red where {map.Letter} has more, blue where {comparison.Maps[0].Letter} has</small>");
            }
            html.Write($"</div>");
        }
        html.Write($"</div></div></article>");
    }

    private static void WriteMap(HtmlWriter html, string text, string map, string title) => html.Write($"""
        <figure class="tile"><div class="pair"><img alt="{text}" src="{map}"><div class="stack"><img alt="{text} over the picture" src="{map}"></div></div>
        <figcaption>{title}</figcaption></figure>
        """);
}
