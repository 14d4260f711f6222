using System.Globalization;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

/// <summary>The mean curve of every method, for each kind of curve that the metrics give.</summary>
internal static class CurveChart
{
    private const int Width = 480, Height = 300, Left = 40, Right = 12, Top = 12, Bottom = 36;

    private static readonly Dictionary<string, (string Title, string Axis)> Known = new()
    {
        ["insertion"] = ("Insertion: probability while the picture appears, the most important pixels first", "share of pixels inserted"),
        ["deletion"] = ("Deletion: probability while the picture vanishes, the most important pixels first", "share of pixels deleted"),
        ["MoRF"] = ("ROAD, most relevant pixels removed first", "share of pixels removed"),
        ["LeRF"] = ("ROAD, least relevant pixels removed first", "share of pixels removed"),
        ["box-iou"] = ("Box IoU over the threshold of the map", "threshold"),
    };

    public static void Write(HtmlWriter html, EvaluationResult result)
    {
        string[] kinds = [.. Known.Keys.Where(kind => result.Cases.Any(record => record.Curves.Any(curve => curve.Name == kind)))];
        if (kinds.Length == 0)
            return;
        html.Write($"""<h2>Curves</h2><p class="dim">Means over the pictures.</p><div class="charts">""");
        foreach (string kind in kinds)
            Write(html, result, kind);
        html.Write($"""</div><ul class="legend">""");
        foreach (MethodColumn method in result.Methods)
            html.Write($"""<li class="{Style(result, method)}" data-curve="{method.Name}"><i style="border-color:{Color(result, method)}"></i>{method.Name}</li>""");
        html.Write($"</ul>");
    }

    private static void Write(HtmlWriter html, EvaluationResult result, string kind)
    {
        (MethodColumn Method, CurveRecord Mean)[] means = [.. result.Methods.Select(method => (method, Mean(result, method, kind))).Where(mean => mean.Item2 is not null).Select(mean => (mean.method, mean.Item2!))];
        double max = Nice(means.Max(mean => mean.Mean.Values.Max()));
        (string title, string axis) = Known[kind];
        double X(CurveRecord curve, int i) => Left + ((curve.From + (i * (curve.To - curve.From) / Math.Max(1, curve.Values.Length - 1))) * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / max * (Height - Top - Bottom));

        html.Write($"""<figure><figcaption>{title}</figcaption><svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">""");
        for (int i = 0; i <= 4; i++)
        {
            (double y, double x) = (Y(max * i / 4), Left + (i * (Width - Left - Right) / 4.0));
            html.Write($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y:0.#}" y2="{y:0.#}"/><text x="{Left - 6}" y="{y + 4:0.#}" text-anchor="end">{max * i / 4:0.###}</text><text x="{x:0.#}" y="{Height - Bottom + 15}" text-anchor="middle">{i / 4.0:0.##}</text>""");
        }
        html.Write($"""<text x="{(Width + Left - Right) / 2}" y="{Height - 5}" text-anchor="middle">{axis}</text>""");
        foreach ((MethodColumn method, CurveRecord mean) in means)
        {
            string points = string.Join(' ', mean.Values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{X(mean, i):0.#},{Y(value):0.#}")));
            html.Write($"""<polyline class="curve {Style(result, method)}" data-curve="{method.Name}" stroke="{Color(result, method)}" points="{points}"><title>{method.Name}</title></polyline>""");
        }
        html.Write($"</svg></figure>");
    }

    private static CurveRecord? Mean(EvaluationResult result, MethodColumn method, string kind)
    {
        CurveRecord[] curves = [.. result.Cases.Where(record => record.Method == method.Name).SelectMany(record => record.Curves).Where(curve => curve.Name == kind)];
        return curves.Length == 0 ? null : curves[0] with { Values = [.. Enumerable.Range(0, curves[0].Values.Length).Select(i => curves.Average(curve => curve.Values[i]))] };
    }

    /// <summary>The next of 0.1, 0.2, 0.4, 0.6, 0.8, 1.</summary>
    private static double Nice(double max) => new[] { 0.1, 0.2, 0.4, 0.6, 0.8 }.FirstOrDefault(nice => nice >= max, 1);

    private const int Colors = 9;

    private static string Color(EvaluationResult result, MethodColumn method) => $"var(--c{(method.IsControl ? Colors : Place(result, method) % Colors).ToString(CultureInfo.InvariantCulture)})";

    /// <summary>Controls are dotted; where the colours begin again, lines are dashed.</summary>
    private static string Style(EvaluationResult result, MethodColumn method) => method.IsControl ? "control" : Place(result, method) >= Colors ? "again" : "";

    private static int Place(EvaluationResult result, MethodColumn method) => result.Methods.Where(m => !m.IsControl).TakeWhile(m => m != method).Count();
}
