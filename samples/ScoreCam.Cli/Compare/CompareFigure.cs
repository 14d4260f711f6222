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
        // The scale of signed evidence would say something else than these differences mean.
        return rows.Length <= MaxRows
            ? Figure.Draw(rows, new() { Legend = false })
            : throw new UserException($"--out holds at most {MaxRows} rows, and there are {rows.Length}; name fewer pictures, or write a page by --report");
    }

    private static IEnumerable<FigureRow> Rows(Comparison comparison)
    {
        string image = Path.GetFileName(comparison.Image);
        for (int i = 0; i < comparison.Maps.Count; i++)
        {
            ComparedMap map = comparison.Maps[i];
            yield return new() { Explanation = map.Explanation, Title = $"{map.Letter} · {map.Column}", Subtitle = $"{image} · {map.Describe()}" };
            if (i == 0)
                continue;
            Explanation difference = comparison.DifferenceToFirst(i);
            yield return new()
            {
                Explanation = difference,
                Title = difference.TargetName,
                Subtitle = string.Create(CultureInfo.InvariantCulture, $"{image} · red where {map.Letter} has more, blue where {comparison.Maps[0].Letter} has · rank correlation {comparison.Agreement(0, i):0.000}"),
            };
        }
    }
}
