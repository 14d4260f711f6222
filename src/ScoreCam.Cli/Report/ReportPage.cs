using System.Reflection;
using System.Text;

namespace ScoreCam.Cli.Report;

/// <summary>
/// Writes a page in one file. Styles, scripts and pictures are embedded, and nothing is loaded from elsewhere.
/// </summary>
internal static class ReportPage
{
    // The browser loads nothing, even if a page contains an external reference by mistake.
    private const string Policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    /// <param name="path">The path of the page.</param>
    /// <param name="title">The title of the window.</param>
    /// <param name="assets">The styles and scripts of this page, in order.</param>
    /// <param name="body">Writes the contents of the page.</param>
    public static void Write(string path, string title, IReadOnlyList<string> assets, Action<HtmlWriter> body)
    {
        using StreamWriter file =
            new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        HtmlWriter html = new(file);
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>{title}</title>
            """);
        foreach (string style in assets.Where(asset => asset.EndsWith(".css", StringComparison.Ordinal)))
            html.Write($"<style>{Asset(style)}</style>");
        html.Write($"</head><body>");
        body(html);
        foreach (string script in assets.Where(asset => asset.EndsWith(".js", StringComparison.Ordinal)))
            html.Write($"<script>{Asset(script)}</script>");
        html.Write($"</body></html>");
    }

    /// <summary>Writes the head of the page: the title, the facts, the verdict and the table of contents.</summary>
    /// <param name="html">The page.</param>
    /// <param name="title">The title.</param>
    /// <param name="facts">One line about the data of the page.</param>
    /// <param name="verdict">The verdict, in one or two sentences each.</param>
    /// <param name="sections">The identifier and title of each section.</param>
    public static void WriteTop(
        HtmlWriter html, string title, string facts, IReadOnlyList<Sentence> verdict,
        IReadOnlyList<(string Id, string Title)> sections)
    {
        html.Write($"""<header class="top"><div class="row"><div><h1>{title}</h1>""");
        html.Write($"""<p class="dim">{facts}</p></div></div>""");
        html.Write($"""<ul class="verdict" aria-label="In short">""");
        foreach (Sentence sentence in verdict)
            html.Write($"""<li class="{(sentence.IsWarning ? "warn" : "")}">{Marked(sentence.Text)}</li>""");
        html.Write($"""</ul></header><div class="bar"><nav aria-label="Sections">""");
        foreach ((string id, string name) in sections)
            html.Write($"""<a href="#{id}">{name}</a>""");
        html.Write($"""
            </nav></div>
            <noscript><main>
            <p class="note">A script draws the charts and maps of this page, and scripts are off.</p>
            </main></noscript>
            """);
    }

    /// <summary>Converts text to markup, with the parts between asterisks in bold.</summary>
    private static HtmlWriter.Raw Marked(string text)
    {
        using StringWriter markup = new();
        HtmlWriter html = new(markup);
        string[] parts = text.Split('*');
        for (int i = 0; i < parts.Length; i++)
            if (i % 2 == 1)
                html.Write($"<b>{parts[i]}</b>");
            else if (parts[i].Length > 0)
                html.Write($"{parts[i]}");
        return new(markup.ToString().Replace("\n", ""));
    }

    private static HtmlWriter.Raw Asset(string name)
    {
        using Stream asset = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(asset);
        return new(reader.ReadToEnd());
    }
}

/// <summary>A sentence of the verdict. The parts between asterisks are bold.</summary>
internal readonly record struct Sentence(string Text, bool IsWarning = false)
{
    /// <summary>Makes a user's name safe for use in a sentence.</summary>
    public static string Name(string name) => name.Replace("*", "∗");
}
