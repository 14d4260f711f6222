using System.Globalization;
using ScoreCam.Images;
using ScoreCam.Rendering;

namespace ScoreCam.Cli.Compare;

/// <summary>A comparison for a page: the maps of a picture side by side, and below them where each differs from the first.</summary>
internal static class CompareFigure
{
    /// <summary>A figure of more rows is no longer one to look at.</summary>
    private const int MaxRows = 50;

    /// <exception cref="UserException">There are too many maps.</exception>
    public static RgbImage Draw(IReadOnlyList<Comparison> comparisons)
    {
        IReadOnlyList<FigureRow?>[] rows = [.. comparisons.SelectMany(Rows)];
        return rows.Length <= MaxRows
            ? Figure.DrawSideBySide(rows)
            : throw new UserException($"--out holds at most {MaxRows} rows, and there are {rows.Length}; name fewer pictures, or write a page by --report");
    }

    /// <summary>The maps, and below each but the first where it differs.</summary>
    private static IEnumerable<IReadOnlyList<FigureRow?>> Rows(Comparison comparison)
    {
        yield return [.. comparison.Maps.Select(map => new FigureRow { Explanation = map.Explanation, Title = $"{map.Letter} · {map.Column}", Subtitle = map.Describe() })];
        if (comparison.Maps.Count > 1)
            yield return [null, .. Enumerable.Range(1, comparison.Maps.Count - 1).Select(i => Difference(comparison, i))];
    }

    private static FigureRow Difference(Comparison comparison, int index)
    {
        Explanation difference = comparison.DifferenceToFirst(index);
        string rest = string.Create(CultureInfo.InvariantCulture, $"rank correlation {comparison.Agreement(0, index):0.000}; red: more in {comparison.Maps[index].Letter}, blue: in {comparison.Maps[0].Letter}");
        return new() { Explanation = difference, Title = difference.TargetName, Subtitle = rest };
    }
}
