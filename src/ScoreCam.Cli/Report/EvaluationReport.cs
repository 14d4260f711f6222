using System.Text.Json;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Report;

/// <summary>
/// Writes an evaluation as a page: a verdict and the cost of each method, followed by pictures and figures.
/// </summary>
internal static class EvaluationReport
{
    private static readonly string[] Assets =
    [
        "base.css", "evaluation.css", "base.js", "maps.js", "charts.js", "evaluation.js", "evaluation-pictures.js",
    ];

    /// <param name="result">The evaluation to show.</param>
    /// <param name="images">The folder of its pictures.</param>
    /// <param name="path">The path of the page.</param>
    /// <exception cref="UserException">A picture is no longer in its folder.</exception>
    public static void Write(EvaluationResult result, string images, string path)
    {
        string title = $"{result.Setup.Name}: how well maps explain it";
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
            "The cost of a map, and the metrics in which a method leads: no other method is clearly better. Controls "
            + "do not use the decision of the network. A method that is not clearly better than the controls "
            + "explains nothing.");
        if (result.Setup.Metrics.Length > 0)
            Section(html, "pictures", "Pictures", builder.Cards.Count < builder.Count
                ? $"The page shows the {builder.Cards.Count / 2} worst and the {builder.Cards.Count / 2} best of "
                    + $"{builder.Count} pictures, by {result.Setup.Metrics[0].Title} of {result.Methods[0].Name}. "
                    + "Every figure covers all pictures."
                : "Every map over its photograph, with its value of the selected metric.");
        Section(html, "figures", "Figures",
            "The mean over the pictures with its bootstrap 95 % interval. The leading methods are marked: no other "
            + "method is clearly better on the same pictures. A difference is clear if there are at least six "
            + "pictures and the interval of the paired difference does not contain 0. If no method is marked, these "
            + "pictures do not show a difference between the methods.");
        if (page.Curves.Length > 0)
            Section(html, "curves", "Curves", "Means over the pictures.");
        if (page.Sanity.Length > 0)
            Section(html, "sanity", "Sanity check",
                "The weights of the network are replaced by random weights, from the last layer to the first. A map "
                + "that does not change does not explain the network. ρ is Spearman’s rank correlation with the map "
                + "of the trained network, and SSIM is the structural similarity. Some similarity is normal as long "
                + "as the explained layer has its trained weights.");
        WriteNotes(html, result);
        html.Write($"</main><style>");
        for (int i = 0; i < photos.Length; i++)
            html.Write($"{new HtmlWriter.Raw(EmbeddedPictures.Rule($"p{i}", photos[i]))}");
        // The serializer escapes <, > and &, so that no name can close the element.
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
            <dt>model</dt><dd>{setup.Name}, SHA-256 <code>{setup.Model.ShortSha256}</code></dd>
            <dt>preprocessing</dt><dd>{setup.Model.Preprocessing.Text}</dd>
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
