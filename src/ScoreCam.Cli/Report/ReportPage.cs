using System.Reflection;
using System.Text;

namespace ScoreCam.Cli.Report;

/// <summary>A page in one file: style, script and pictures inside, nothing loaded from anywhere.</summary>
internal static class ReportPage
{
    // Even if something slipped in, the browser would load nothing.
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    public static void Write(string path, string title, Action<HtmlWriter> body)
    {
        using StreamWriter file = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        HtmlWriter html = new(file);
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>{title}</title>
            <style>{Asset("report.css")}</style>
            </head>
            <body>
            """);
        body(html);
        html.Write($"""
            <script>{Asset("report.js")}</script>
            </body>
            </html>
            """);
    }

    /// <summary>The slider for the opacity of the maps.</summary>
    public static void WriteSlider(HtmlWriter html) => html.Write(
        $"""<label>Overlay <input type="range" id="opacity" min="0" max="100" value="50"> <span id="opacity-value">50 %</span></label>""");

    private static HtmlWriter.Raw Asset(string name)
    {
        using Stream asset = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(asset);
        return new(reader.ReadToEnd());
    }
}
