using System.Globalization;
using ScoreCam.Imaging;

namespace ScoreCam.Cli.Compare;

/// <summary>A comparison for a page: the maps of a picture below each other, and where each differs from the first.</summary>
internal static class CompareFigure
{
    /// <summary>A figure of more rows is no longer one to look at.</summary>
    private const int MaxRows = 50;

    /// <exception cref="UserException">There are too many maps.</exception>
    public static RgbImage Draw(IReadOnlyList<Comparison> comparisons)
    {
        FigureRow[] rows = [.. comparisons.SelectMany(Rows)];
        return rows.Length <= MaxRows
            ? Figure.Draw(rows)
            : throw new UserException($"--out holds at most {MaxRows} rows, and there are {rows.Length}; name fewer pictures, or write a page by --report");
    }

    /// <summary>The class that is explained, and the one that is predicted where it is another.</summary>
    public static string Describe(ComparedMap map)
    {
        (string name, double probability) = map.Top[0];
        string predicted = map.Explanation.TargetName == name ? "" : string.Create(CultureInfo.InvariantCulture, $"; predicted: {name}, {100 * probability:0.0} %");
        return string.Create(CultureInfo.InvariantCulture, $"{map.Explanation.TargetName}, {100 * map.Explanation.Probability:0.0} %{predicted}");
    }

    private static IEnumerable<FigureRow> Rows(Comparison comparison)
    {
        foreach (ComparedMap map in comparison.Maps)
            yield return new() { Explanation = map.Explanation, Title = map.Column, Subtitle = $"{Path.GetFileName(comparison.Image)} · {Describe(map)} · {FigureRow.Describe(map.Explanation)}" };
        for (int i = 1; i < comparison.Maps.Count; i++)
        {
            Explanation difference = comparison.DifferenceToFirst(i);
            yield return new()
            {
                Explanation = difference,
                Title = difference.TargetName,
                Subtitle = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(comparison.Image)} · where they differ · rank correlation {comparison.Agreement(0, i):0.000}"),
            };
        }
    }
}
