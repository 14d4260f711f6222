using ScoreCam.Cli.Evaluate;
using ScoreCam.Cli.Report;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// Builds the data of the page: all statistics over all pictures, and as many pictures as keep the page small.
/// </summary>
internal sealed class PageBuilder
{
    /// <summary>The approximate number of bytes of pictures and maps that a phone opens quickly.</summary>
    private const int Budget = 14_000_000;

    private const int PhotoBytes = 26_000, FineSide = 48, CoarseSide = 32;

    private static readonly (string Name, string Text)[] Measures =
    [
        ("Pearson’s r", "1 where the maps rise and fall together, 0 where they have nothing in common."),
        ("Spearman’s ρ",
            "1 where the maps order the positions alike, 0 where one order says nothing about the other."),
        ("SSIM", "Structural similarity: 1 only for equal maps."),
        ("IoU of the top 20 %", "How far the brightest fifths of the maps overlap: 1 where they are the same places, "
            + "0 where they share none."),
    ];

    private readonly ComparisonResult _result;
    private readonly NetworkComparison _comparison;
    private readonly ClassGroups? _groups;
    private readonly int _side;

    public PageBuilder(ComparisonResult result)
    {
        (_result, _comparison, _groups) = (result, result.ToComparison(), result.ClassGroups());
        _side = Most(FineSide) >= result.Pictures.Length ? FineSide : CoarseSide;
        Shown = result.Pictures.Length <= Most(_side) ? result.Pictures : MostTelling(Most(_side));
    }

    /// <summary>The pictures that the page shows.</summary>
    public IReadOnlyList<PictureRecord> Shown { get; }

    /// <param name="photos">The photographs of the shown pictures, in the same order.</param>
    public PageData Build(IReadOnlyList<RgbImage> photos) => new()
    {
        Colormap = EmbeddedPictures.Colormap(),
        Networks = [.. _result.Networks.Select(network =>
            new PageNetwork(network.Name, network.Parameters, network.Bytes))],
        Methods = _result.Methods,
        Metrics = [.. _result.Metrics.Select(metric =>
            new PageMetric(metric.Title, metric.HigherIsBetter, metric.Digits))],
        Measures = [.. Measures.Select(measure => measure.Name)],
        MeasureTexts = [.. Measures.Select(measure => measure.Text)],
        Figures = _result.Figures!,
        GroupNames = [.. _groups?.Names ?? []],
        GroupOf = _result.Pictures.Select(picture => picture.ClassName).OfType<string>().Distinct()
            .Where(name => _groups?.Of(name) is not null).ToDictionary(name => name, name => _groups!.Of(name)!),
        Pictures = [.. Shown.Select((picture, i) => Picture(picture, i, photos[i]))],
        Answers = [.. _result.Networks.Select(network => Shown.Select(picture => Answer(network, picture)).ToArray())],
        Maps =
        [
            .. _result.Networks.Select(network => _result.Methods.Select(method =>
                Shown.Select(picture => Map(network, method, picture)).ToArray()).ToArray()),
        ],
        Consensus = [.. _result.Networks.Select(network =>
            Shown.Select(picture => Consensus(network, picture)).ToArray())],
        Likeness = Likeness(),
    };

    /// <summary>Returns the number of pictures that fit, with maps of this number of cells along a side.</summary>
    private int Most(int side)
    {
        // A map is base64 of about 3/4 side² bytes. Some of the pictures also have a map of the predicted class.
        int columns = _result.Networks.Length * ((_result.Methods.Length * 3 / 2) + (_result.Methods.Length > 1
            ? 2
            : 0));
        return Math.Max(1, Budget / (PhotoBytes + (columns * side * side)));
    }

    /// <summary>
    /// Returns the pictures on which not all networks are correct, followed by the first of the others, ordered by
    /// name.
    /// </summary>
    private PictureRecord[] MostTelling(int count)
    {
        int Right(PictureRecord picture) =>
            _comparison.Networks.Count(network => _comparison.Answer(network.Name, picture.Name)?.IsRight == true);
        int networks = _comparison.Networks.Count;
        PictureRecord[] chosen =
            [.. _result.Pictures.OrderBy(picture => Right(picture) is 0 || Right(picture) == networks).Take(count)];
        return [.. chosen.OrderBy(picture => picture.Name, StringComparer.Ordinal)];
    }

    private PagePicture Picture(PictureRecord picture, int index, RgbImage photo)
    {
        SaliencyMap grid = EmbeddedPictures.Coarse(ComparedMap.OnPicture(Blank(photo)), _side);
        string? group = picture.ClassName is { } name ? _groups?.Of(name) : null;
        return new(
            $"p{index}", picture.Name, picture.ClassName, group, photo.Width, photo.Height, grid.Width, grid.Height,
            picture.Boxes);
    }

    /// <summary>Returns a placeholder explanation of a photograph, which gives the size of its grid.</summary>
    private static Explanation Blank(RgbImage photo)
    {
        SaliencyMap map = new(1, 1, [0f]);
        PictureMapping mapping = PictureMapping.Identity(photo.Width, photo.Height);
        return new() { Method = "", TargetName = "", Map = map, RawMap = map, Mapping = mapping, ModelSha256 = "" };
    }

    private PageAnswer? Answer(NetworkRecord network, PictureRecord picture)
    {
        if (_comparison.Answer(network.Name, picture.Name) is not { } answer)
            return null;
        string? group = picture.ClassName is { } name ? _groups?.Of(name) : null;
        string? said = _groups?.Of(network.Classes[answer.Predicted]);
        int[] top = [.. answer.Ranked(Math.Min(5, network.Classes.Length))];
        return new(
            answer.IsRight,
            answer.ClassIndex is { } index ? Round(answer.Probabilities[index], 4) : null,
            group is null || said is null ? null : group == said,
            [.. top.Select(i => new object[] { network.Classes[i], Round(answer.Probabilities[i], 4) })]);
    }

    private PageMap? Map(NetworkRecord network, MethodColumn method, PictureRecord picture)
    {
        if (_comparison.Map(network.Name, picture.Name, method.Name) is not { } map)
            return null;
        return new(
            network.Classes[map.ClassIndex],
            Cells(map.Map),
            map.PredictedMap is { } predicted ? Cells(predicted) : null,
            [.. _result.Metrics.Select(metric => map.Values.GetValueOrDefault(metric.Name) is { } value
                ? Round(value, 5)
                : (double?)null)],
            [.. map.Warnings]);
    }

    private PageConsensus? Consensus(NetworkRecord network, PictureRecord picture)
    {
        SaliencyMap[] maps =
        [
            .. _result.Methods.Where(method => !method.IsControl)
                .Select(method => _comparison.Map(network.Name, picture.Name, method.Name)?.Map).OfType<SaliencyMap>(),
        ];
        if (maps.Length < 2)
            return null;
        MapConsensus consensus = MapConsensus.Of(maps);
        float[] deviation = consensus.Deviation.Values.ToArray();
        SaliencyMap drawn =
            new(consensus.Deviation.Width, consensus.Deviation.Height, [.. deviation.Select(value => 2 * value)]);
        return new(Cells(consensus.Mean), Cells(drawn), Round(deviation.Average(), 4), Round(deviation.Max(), 4));
    }

    private double[]?[][] Likeness()
    {
        SimilarityTable table = _result.Likeness!;
        double[]? On(int pair, string picture) =>
            table.On(pair, picture) is { } row ? [.. row.Select(value => Round(value, 3))] : null;
        return [.. Enumerable.Range(0, table.Count).Select(pair =>
            Shown.Select(picture => On(pair, picture.Name)).ToArray())];
    }

    private string Cells(SaliencyMap map) => EmbeddedPictures.Cells(EmbeddedPictures.Coarse(map, _side));

    private static double Round(double value, int digits) => Math.Round(value, digits);
}
