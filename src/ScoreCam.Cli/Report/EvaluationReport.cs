using System.Text.Json;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Report;

/// <summary>An evaluation as a page: a verdict and what methods cost, then pictures, then every figure.</summary>
internal static class EvaluationReport
{
    private static readonly string[] Assets =
    [
        "base.css", "evaluation.css", "base.js", "charts.js", "evaluation.js", "evaluation-pictures.js",
    ];

    /// <param name="result">What to show.</param>
    /// <param name="images">The folder of its pictures.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="UserException">A picture is not in its folder any more.</exception>
    public static void Write(EvaluationResult result, string images, string path)
    {
        string title = $"{result.Setup.Model}: how well maps explain it";
        ReportPage.Write(path, title, Assets, html => Write(html, title, result, images));
    }

    private static void Write(HtmlWriter html, string title, EvaluationResult result, string images)
    {
        EvaluationPageBuilder builder = new(result);
        RgbImage[] photos = [.. builder.Cards.Select(card => Load(images, card[0].Picture))];
        EvaluationPage page = builder.Build(photos);
        string shard = result.Shards.Length > 0 ? $" · only shard {string.Join(", ", result.Shards)}" : "";
        (string Id, string Title, bool Is)[] sections =
        [
            ("methods", "Methods", true), ("pictures", "Pictures", true), ("figures", "Figures", true),
            ("curves", "Curves", page.Curves.Length > 0), ("sanity", "Sanity check", page.Sanity.Length > 0),
                ("notes", "Notes", true),
        ];
        ReportPage.WriteTop(
            html, title, $"{result.Pictures} · {Text.Count(result.Methods.Count, "method")}{shard} · ScoreCam "
                + $"{result.Setup.Version}",
            EvaluationVerdict.Of(result),
                [.. sections.Where(section => section.Is).Select(section => (section.Id, section.Title))]);
        html.Write($"<main>");
        Section(html, "methods", "Methods",
            "What a map costs, and how often a method is among those that no other is clearly better than. "
            + "Controls know nothing of the "
            + "network’s decision: a method that is not clearly better than they are explains nothing.");
        if (result.Setup.Metrics.Length > 0)
            Section(html, "pictures", "Pictures", builder.Cards.Count < builder.Count
                ? $"Of {builder.Count} pictures, the {builder.Cards.Count / 2} worst and the "
                    + $"{builder.Cards.Count / 2} best are shown, by "
                    + $"{result.Setup.Metrics[0].Title} of {result.Methods[0].Name}; every figure is of all."
                : "Every map over its photograph, with its value of the metric that is chosen.");
        Section(html, "figures", "Figures",
            "The mean over the pictures with its bootstrap 95 % interval. Marked is what no other method is "
            + "clearly better than on the same pictures: the "
            + "interval of the paired difference holds 0, or there are fewer than six pictures. Where nothing is "
            + "marked, these pictures tell no method from another.");
        if (page.Curves.Length > 0)
            Section(html, "curves", "Curves", "Means over the pictures.");
        if (page.Sanity.Length > 0)
            Section(html, "sanity", "Sanity check",
                "The network’s weights are drawn anew, layer by layer from the last one to the first. A map that "
                + "stays as it was does not explain "
                + "the network. ρ is Spearman’s rank correlation with the first map, SSIM the structural similarity. "
                + "Until the explained layer is reached, some similarity is expected.");
        WriteNotes(html, result);
        html.Write($"</main><style>");
        for (int i = 0; i < photos.Length; i++)
            html.Write($"{new HtmlWriter.Raw(EmbeddedPictures.Rule($"p{i}", photos[i]))}");
        // The serializer escapes <, > and &, so that no name ends the element.
        string json = JsonSerializer.Serialize(page, EvaluationPageJson.Default.EvaluationPage);
        html.Write($"""</style><script type="application/json" id="data">{new HtmlWriter.Raw(json)}</script>""");
    }

    private static RgbImage Load(string images, string picture)
    {
        string path = Path.Combine(images, picture);
        return File.Exists(path)
            ? ImageSharpImage.Load(path)
            : throw new UserException(
                $"there is no '{picture}' in '{images}', the folder of --images, and the report shows it");
    }

    private static void Section(HtmlWriter html, string id, string title, string lead) => html.Write($"""
        <section id="{id}" aria-labelledby="{id}-title"><h2 id="{id}-title">{title}</h2>
        <p class="dim">{lead}</p><div data-view="{id}"></div></section>
        """);

    private static void WriteNotes(HtmlWriter html, EvaluationResult result)
    {
        EvaluationSetup setup = result.Setup;
        html.Write($"""<section id="notes"><h2>Notes</h2>""");
        WriteList(html, "Left out", result.LeftOut);
        WriteList(html, "Not available for this network", result.Unavailable);
        html.Write($"""
            <h3>How it was made</h3><dl class="facts">
            <dt>model</dt><dd>{setup.Model}, SHA-256 <code>{setup.ModelSha256[..16]}…</code></dd>
            <dt>preprocessing</dt><dd>{setup.Preprocessing.Text}</dd>
            <dt>seed</dt><dd>{setup.Seed}</dd></dl></section>
            """);
    }

    private static void WriteList(HtmlWriter html, string title, IReadOnlyList<LeftOut> left)
    {
        if (left.Count == 0)
            return;
        html.Write($"<h3>{title}</h3><ul>");
        foreach (LeftOut one in left)
            html.Write($"<li><code>{one.Name}</code>: {one.Reason}</li>");
        html.Write($"</ul>");
    }
}
