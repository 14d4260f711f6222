using ScoreCam.Cli.Report;

namespace ScoreCam.Cli.Compare;

/// <summary>A comparison as a page: a card per picture, its maps side by side, and how far all of them agree.</summary>
internal static class CompareReport
{
    public static void Write(IReadOnlyList<Comparison> comparisons, string path) => ReportPage.Write(path, "Compared explanations", html =>
    {
        string[] columns = [.. comparisons[0].Maps.Select(map => map.Column)];
        html.Write($"""<h1>Compared explanations</h1><p class="dim">{comparisons.Count} pictures · ScoreCam {ProgramVersion.Current}</p>""");
        WriteAgreement(html, "Agreement", columns, (i, j) => comparisons.Average(comparison => comparison.Agreement(i, j)));
        html.Write($"""<h2>Pictures</h2><div class="tools">""");
        ReportPage.WriteSlider(html);
        html.Write($"</div>");
        foreach (Comparison comparison in comparisons)
            WriteCard(html, comparison);
    });

    private static void WriteAgreement(HtmlWriter html, string title, string[] columns, Func<int, int, double> agreement)
    {
        html.Write($"""
            <h2>{title}</h2>
            <p class="dim">Spearman's rank correlation of the maps on the picture, mean over the pictures: 1 where two order the pixels alike, 0 where one says nothing about the other.</p>
            <div class="scroll"><table><tr><th></th>
            """);
        foreach (string column in columns)
            html.Write($"<th>{column}</th>");
        html.Write($"</tr>");
        for (int i = 0; i < columns.Length; i++)
        {
            html.Write($"<tr><td>{columns[i]}</td>");
            for (int j = 0; j < columns.Length; j++)
                html.Write($"<td>{agreement(i, j):0.000}</td>");
            html.Write($"</tr>");
        }
        html.Write($"</table></div>");
    }

    private static void WriteCard(HtmlWriter html, Comparison comparison)
    {
        string photo = DataUri.Photo(comparison.Picture);
        html.Write($"""
            <article class="card" style="--photo:url({photo});--ratio:{comparison.Picture.Width}/{comparison.Picture.Height}">
            <h3>{Path.GetFileName(comparison.Image)}</h3>
            <div class="parts"><figure class="tile"><div class="original"><img alt="{Path.GetFileName(comparison.Image)}" src="{photo}"></div><figcaption>original</figcaption></figure><div class="tiles">
            """);
        for (int i = 0; i < comparison.Maps.Count; i++)
        {
            ComparedMap map = comparison.Maps[i];
            WriteTile(html, map.Column, DataUri.Map(map.Small, signed: false), CompareFigure.Describe(map));
            html.Write($"""<p class="dim">{string.Join(" · ", map.Top.Select(top => FormattableString.Invariant($"{top.Name} {100 * top.Probability:0.0} %")))}</p></figure>""");
        }
        for (int i = 1; i < comparison.Maps.Count; i++)
        {
            Explanation difference = comparison.DifferenceToFirst(i);
            WriteTile(html, $"{difference.TargetName}", DataUri.Map(difference.Map, signed: true), FormattableString.Invariant($"rank correlation {comparison.Agreement(0, i):0.000}"));
            html.Write($"""<p class="dim">red: more in {comparison.Maps[i].Column}; blue: more in {comparison.Maps[0].Column}</p></figure>""");
        }
        html.Write($"</div></div></article>");
    }

    /// <summary>Opens a figure; the caller closes it.</summary>
    private static void WriteTile(HtmlWriter html, string title, string map, string text) => html.Write($"""
        <figure class="tile"><div class="pair"><img alt="map: {title}" src="{map}"><div class="stack"><img alt="map over the picture: {title}" src="{map}"></div></div>
        <figcaption>{title} <b>{text}</b></figcaption>
        """);
}
