using System.Text.Json;
using ScoreCam.Cli.Report;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Compare;

/// <summary>A comparison as a page: what it says in words, then charts, then pictures.</summary>
internal sealed class CompareReport
{
    private static readonly string[] Assets =
    [
        "base.css", "compare.css", "base.js", "charts.js", "compare.js", "compare-looks.js", "compare-pictures.js",
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

    /// <param name="result">What to show.</param>
    /// <param name="pathOf">Where a picture lies.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="UserException">A picture is not there any more.</exception>
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
        // The serializer escapes <, > and &, so that no name ends the element.
        string json = JsonSerializer.Serialize(data, PageJson.Default.PageData);
        _html.Write($"""</style><script type="application/json" id="data">{new HtmlWriter.Raw(json)}</script>""");
    }

    private void WriteSections()
    {
        Section("networks", "networks", "Networks", HasClasses
            ? "Accuracy is the share of pictures whose class a network predicts, with its 95 % interval (Wilson)."
            : "No class of a picture is known, so nothing is right or wrong here. Give classes by --boxes.");
        if (HasPairs)
            Section("agreement", "agreement", "Where they agree",
                "Cohen’s κ is 1 where two networks are right on the same pictures, and 0 where they agree as "
                + "chance would have it. McNemar’s "
                + "exact test looks at the pictures on which only one is right: below 0.05, one network is more "
                + "often right than by chance.");
        if (HasLikeness)
            Section("looks", "looks", "What they look at",
                "How alike the maps are, measured on the values of the maps as they lie on the picture, not on "
                + "their colours.");
        if (HasClasses)
            Section("classes", "classes", "Classes",
                "Choose a class to see its pictures, and what every network says about them.");
        _html.Write($"""
            <h2 id="pictures">Pictures</h2><div class="controls "
                + "sticky" id="map-controls" role="group" aria-label="How maps are drawn"></div>
            """);
        Section("picture", "picture", "One picture, all networks",
            "The maps of one method, network by network. Columns sort; the sliders above set the overlay and the "
            + "level of the contour.", "h3");
        if (HasClasses)
            Section("answers", "answers", "One network, right and wrong",
                "What a network looks at where it is right, and where it is wrong: for the truth, and for what "
                + "it said instead.", "h3");
        Section("matrix", "matrix", "Pictures × methods", _result.Methods.Length > 1
            ? "Each row is a picture. Consensus is the mean of the methods, disagreement their standard deviation "
                + "(red: 0.5, the largest there is)."
            : "Each row is a picture.", "h3");
    }

    private void Section(string id, string view, string title, string lead, string heading = "h2") => _html.Write($"""
        <section id="{id}" aria-labelledby="{id}-title"><{heading} id="{id}-title">{title}</{heading}>
        <p class="dim">{lead}</p><div data-view="{view}"></div></section>
        """);
}
