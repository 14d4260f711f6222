using System.Text.Json;
using ScoreCam.Cli.Report;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Compare;

/// <summary>Writes a comparison as a page: a verdict in words, followed by charts and pictures.</summary>
internal sealed class CompareReport
{
    private static readonly string[] Assets =
    [
        "base.css", "compare.css", "base.js", "maps.js", "charts.js", "compare.js", "compare-looks.js",
        "compare-pictures.js", "compare-answers.js",
    ];

    private readonly ComparisonResult _result;
    private readonly PageBuilder _builder;
    private readonly HtmlWriter _html;
    private readonly Func<string, string> _pathOf;

    private CompareReport(ComparisonResult result, Func<string, string> pathOf, HtmlWriter html) =>
        (_result, _builder, _pathOf, _html) = (result, new(result), pathOf, html);

    private bool HasClasses => _result.Figures!.Networks.Any(network => network.Accuracy.Total > 0);

    private bool HasPairs => _result.Networks.Length > 1;

    private bool HasLikeness => _result.Figures!.Similarity.Length > 0;

    /// <param name="result">The comparison to show.</param>
    /// <param name="pathOf">Returns the path of a picture.</param>
    /// <param name="path">The path of the page.</param>
    /// <exception cref="UserException">A picture no longer exists.</exception>
    public static void Write(ComparisonResult result, Func<string, string> pathOf, string path) =>
        ReportPage.Write(path, TitleOf(result), Assets, html => new CompareReport(result, pathOf, html).Write());

    private static string TitleOf(ComparisonResult result) => result.Networks.Length == 1
        ? $"{result.Networks[0].Name}: methods side by side"
        : $"{result.Networks.Length} networks side by side";

    private void Write()
    {
        RgbImage[] photos = [.. _builder.Shown.Select(picture => ImageSharpImage.Load(_pathOf(picture.Name)))];
        PageData data = _builder.Build(photos);
        string facts = string.Join(" · ", [
            Text.Count(_result.Networks.Length, "network"), Text.Count(_result.Pictures.Length, "picture"),
            Text.Count(_result.Methods.Length, "method"), $"ScoreCam {_result.Version}"]);
        (string Id, string Title, bool Is)[] sections =
        [
            ("networks", "Networks", true), ("agreement", "Agreement", HasPairs),
                ("looks", "What they look at", HasLikeness),
            ("classes", "Classes", HasClasses), ("picture", "One picture", true),
            ("answers", "Right and wrong", HasClasses), ("matrix", "Pictures × methods", true),
                ("notes", "Notes", true),
        ];
        ReportPage.WriteTop(
            _html, TitleOf(_result), facts, CompareVerdict.Of(_result),
            [.. sections.Where(section => section.Is).Select(section => (section.Id, section.Title))]);
        _html.Write($"<main>");
        WriteSections();
        new CompareNotes(_html, _result, _builder.Shown.Count).Write();
        _html.Write($"</main><style>");
        for (int i = 0; i < photos.Length; i++)
            _html.Write($"{new HtmlWriter.Raw(EmbeddedPictures.Rule($"p{i}", photos[i]))}");
        // The serializer escapes <, > and &, so that no name can close the element.
        string json = JsonSerializer.Serialize(data, PageJson.Default.PageData);
        _html.Write($"""</style><script type="application/json" id="data">{new HtmlWriter.Raw(json)}</script>""");
    }

    private void WriteSections()
    {
        Section("networks", "networks", "Networks", HasClasses
            ? "Accuracy is the share of pictures that a network classifies correctly, with its 95 % interval (Wilson)."
            : "The classes of the pictures are unknown, so the page shows no accuracy. --boxes names their classes.");
        if (HasPairs)
            Section("agreement", "agreement", "Where they agree",
                "Cohen’s κ compares two networks picture by picture. It is 1 if both are right on the same pictures, "
                + "and 0 if they agree no more than by chance. McNemar’s exact test uses the pictures on which "
                + "only one of them is right. A p below 0.05 means that the difference is unlikely to be chance.");
        if (HasLikeness)
            Section("looks", "looks", "What they look at",
                "The similarity of the maps. It is computed from the values of the maps, not from their colours.");
        if (HasClasses)
            Section("classes", "classes", "Classes",
                "Select a class to see its pictures and the prediction of every network.");
        _html.Write($"""
            <h2 id="pictures">Pictures</h2>
            <div class="controls sticky" id="map-controls" role="group" aria-label="How maps are drawn"></div>
            """);
        Section("picture", "picture", "One picture, all networks",
            "The maps of one method on all networks. A column heading sorts the table. The sliders above set the "
            + "opacity of the map and the level of the contour.", "h3");
        if (HasClasses)
            Section("answers", "answers", "One network, right and wrong",
                "For a right answer, the map of the class. For a wrong answer, the map of the true class beside the "
                + "map of the predicted class.", "h3");
        Section("matrix", "matrix", "Pictures × methods", _result.Methods.Length > 1
            ? "Each row is a picture. Consensus is the mean of the maps of all methods. Disagreement is their standard "
                + "deviation. Red is 0.5, the largest possible value."
            : "Each row is a picture.", "h3");
    }

    private void Section(string id, string view, string title, string lead, string heading = "h2") => _html.Write($"""
        <section id="{id}" aria-labelledby="{id}-title"><{heading} id="{id}-title">{title}</{heading}>
        <p class="dim">{lead}</p><div data-view="{view}"></div></section>
        """);
}
