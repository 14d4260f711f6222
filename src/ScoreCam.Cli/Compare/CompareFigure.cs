using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Rendering;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// Draws a comparison for print: the maps of a picture side by side, and below them the differences from the first map.
/// </summary>
internal static class CompareFigure
{
    /// <summary>The largest numbers of rows and of columns. Larger figures are not readable.</summary>
    private const int MaxRows = 50, MaxColumns = 26;

    private const string DifferenceLegend = "Difference from map A. Each difference is scaled by its largest value.";

    /// <exception cref="UserException">There are too many maps.</exception>
    public static RgbImage Draw(ComparisonResult result, Func<string, string> pathOf)
    {
        NetworkComparison comparison = result.ToComparison();
        int columns = comparison.Networks.Count * comparison.Methods.Count;
        if (columns > MaxColumns)
            throw new UserException($"{columns} columns cannot stand side by side in --out; at most {MaxColumns} can");
        IReadOnlyList<FigureRow?>[] rows =
            [.. result.Pictures.SelectMany(picture => Rows(comparison, picture.Name, pathOf(picture.Name)))];
        return rows.Length <= MaxRows
            ? Figure.DrawSideBySide(rows, new() { SignedLegend = DifferenceLegend })
            : throw new UserException(
                $"--out holds at most {MaxRows} rows, and there are {rows.Length}; name fewer pictures, or write "
                + "a page by --report");
    }

    /// <summary>Returns the maps, and below each map except the first, its difference from the first.</summary>
    private static IEnumerable<IReadOnlyList<FigureRow?>> Rows(
        NetworkComparison comparison, string picture, string path)
    {
        RgbImage photo = ImageSharpImage.Load(path);
        FigureRow?[] maps = [.. Columns(comparison).Select((column, i) => Row(comparison, picture, photo, column, i))];
        yield return maps;
        if (maps.Length > 1)
            yield return [null, .. Enumerable.Range(1, maps.Length - 1).Select(i =>
                Difference(comparison, picture, photo, i))];
    }

    private static MapColumn[] Columns(NetworkComparison comparison) =>
        [.. comparison.Networks.SelectMany(network =>
            comparison.Methods.Select(method => new MapColumn(network.Name, method)))];

    private static FigureRow? Row(
        NetworkComparison comparison, string picture, RgbImage photo, MapColumn column, int index)
    {
        if (comparison.Map(column.Network, picture, column.Method) is not { } map)
            return null;
        ClassLabels classes = comparison.Network(column.Network).Classes;
        NetworkAnswer answer = comparison.Answer(column.Network, picture)!;
        float probability = answer.Probabilities[map.ClassIndex];
        string explained = FormattableString.Invariant($"{classes[map.ClassIndex]}, {100 * probability:0.0} %");
        string predicted = answer.Predicted == map.ClassIndex
            ? ""
            : FormattableString.Invariant($"; predicted: {classes[answer.Predicted]}, {100 * answer.Confidence:0.0} %");
        return new()
        {
            Explanation = Explanation(map.Map, photo, column.Method, classes[map.ClassIndex], isSigned: false),
            Title = $"{Letter(index)} · {column.Network} · {column.Method}",
            Subtitle = explained + predicted,
        };
    }

    private static FigureRow? Difference(NetworkComparison comparison, string picture, RgbImage photo, int index)
    {
        (MapColumn first, MapColumn other) = (Columns(comparison)[0], Columns(comparison)[index]);
        if (comparison.Map(first.Network, picture, first.Method) is not { } a
            || comparison.Map(other.Network, picture, other.Method) is not { } b)
            return null;
        float[] difference = new float[a.Map.Values.Length];
        for (int i = 0; i < difference.Length; i++)
            difference[i] = b.Map.Values[i] - a.Map.Values[i];
        string name = $"{Letter(index)} − {Letter(0)}";
        SaliencyMap map = new(a.Map.Width, a.Map.Height, difference);
        double rank = MapSimilarity.Spearman(a.Map, b.Map);
        return new()
        {
            Explanation = Explanation(map, photo, "difference", name, isSigned: true),
            Title = name,
            Subtitle = FormattableString.Invariant(
                $"rank correlation {rank:0.000}; red: more in {Letter(index)}, blue: in {Letter(0)}"),
        };
    }

    /// <summary>Returns a short name: A, B, …</summary>
    private static char Letter(int index) => (char)('A' + index);

    private static Explanation Explanation(
        SaliencyMap map, RgbImage photo, string method, string target, bool isSigned) =>
        new()
        {
            Method = method,
            TargetName = target,
            IsSigned = isSigned,
            Map = map,
            RawMap = map,
            Picture = photo,
            Mapping = PictureMapping.Identity(photo.Width, photo.Height),
            ModelSha256 = "",
        };
}
