using ScoreCam.Cli.Evaluate;
using ScoreCam.Images;

namespace ScoreCam.Cli.Report;

/// <summary>
/// Builds the data of the page: all figures, and the pictures with their maps. If there are very many pictures, only
/// the worst and the best are included.
/// </summary>
internal sealed class EvaluationPageBuilder
{
    /// <summary>The largest number of cards. A page with more cards opens slowly on a phone.</summary>
    public const int MaxCards = 200;

    private const int MapSide = 48;

    private static readonly (string Metric, string Curve, string Title, string Axis)[] Panels =
    [
        ("insertion", "insertion", "Insertion: probability while the picture appears, the most important pixels first",
            "share of pixels inserted"),
        ("deletion", "deletion", "Deletion: probability while the picture vanishes, the most important pixels first",
            "share of pixels deleted"),
        ("road", "MoRF", "ROAD: probability while the most relevant pixels are removed first",
            "share of pixels removed"),
        ("road", "LeRF", "ROAD: probability while the least relevant pixels are removed first",
            "share of pixels removed"),
        ("box-iou", "box-iou", "Overlap with the box, by threshold of the map", "threshold"),
    ];

    private readonly EvaluationResult _result;

    public EvaluationPageBuilder(EvaluationResult result)
    {
        _result = result;
        CaseRecord[][] all =
            [.. result.Cases.GroupBy(record => (record.Picture, record.ClassIndex)).Select(group => group.ToArray())];
        Count = all.Length;
        Cards = all.Length <= MaxCards ? all : WorstAndBest(all);
    }

    /// <summary>The number of cases, each with one class on one picture.</summary>
    public int Count { get; }

    /// <summary>The records of the pictures on the page.</summary>
    public IReadOnlyList<CaseRecord[]> Cards { get; }

    /// <param name="photos">The photographs of the cards, in the same order.</param>
    public EvaluationPage Build(IReadOnlyList<RgbImage> photos)
    {
        MethodColumn[] methods = [.. _result.Methods];
        SummaryRow[] rows = [.. methods.Select(method => _result.Summary.First(row => row.Method == method.Name))];
        return new()
        {
            Colormap = EmbeddedPictures.Colormap(),
            Methods = methods,
            Metrics = [.. _result.Setup.Metrics.Select(Metric)],
            Costs = [.. rows.Select(row => new MethodCost(row.Seconds, row.Passes, row.GradientPasses))],
            Summary = [.. _result.Setup.Metrics.Select(metric => rows.Select(row => row.Cells[metric.Name]).ToArray())],
            Cards = [.. Cards.Select((records, i) => Card(records, i, photos[i]))],
            Curves =
            [
                .. Panels.Where(panel => _result.Setup.Metrics.Any(metric => metric.Name == panel.Metric))
                    .Select(panel => Panel(panel.Curve, panel.Title, panel.Axis)).OfType<CurvePanel>(),
            ],
            Sanity = [.. _result.Sanity.Select(Sanity)],
        };
    }

    private CardMetric Metric(MetricColumn metric)
    {
        (string kind, string text) = MetricText.Of(metric.Name);
        IReadOnlyList<string> leaders = SummaryRow.Leaders(_result, metric);
        int[] indices =
            [.. Enumerable.Range(0, _result.Methods.Count).Where(i => leaders.Contains(_result.Methods[i].Name))];
        return new(metric.Name, metric.Title, text, kind, metric.HigherIsBetter, metric.Digits, indices);
    }

    private CaseRecord[][] WorstAndBest(CaseRecord[][] all)
    {
        (MetricColumn metric, string method) = (_result.Setup.Metrics[0], _result.Methods[0].Name);
        double Goodness(CaseRecord[] records)
        {
            double? value =
                Array.Find(records, record => record.Method == method)?.Values.GetValueOrDefault(metric.Name);
            return value is null ? double.NegativeInfinity : metric.HigherIsBetter ? value.Value : -value.Value;
        }
        int[] order = [.. Enumerable.Range(0, all.Length).OrderBy(i => Goodness(all[i]))];
        return [.. order[..(MaxCards / 2)].Concat(order[^(MaxCards / 2)..]).Order().Select(i => all[i])];
    }

    private Card Card(CaseRecord[] records, int index, RgbImage photo)
    {
        CaseRecord any = records[0];
        SaliencyMap grid = EmbeddedPictures.Coarse(any.Map.ToMap(), MapSide);
        CardMap? Map(MethodColumn method) => Array.Find(records, record => record.Method == method.Name) is { } record
            ? new(Cells(record.Map), [.. _result.Setup.Metrics.Select(metric =>
                record.Values.GetValueOrDefault(metric.Name))], record.Warnings)
            : null;
        return new(
            $"p{index}", any.Picture, any.ClassName, any.Probability,
            any.PredictedName == any.ClassName ? null : any.PredictedName, any.PredictedProbability,
            photo.Width, photo.Height, grid.Width, grid.Height, any.Boxes, [.. _result.Methods.Select(Map)]);
    }

    private CurvePanel? Panel(string curve, string title, string axis)
    {
        MeanCurve?[] curves = [.. _result.Methods.Select(method => Mean(method, curve))];
        return curves.All(mean => mean is null) ? null : new(title, axis, curves);
    }

    private MeanCurve? Mean(MethodColumn method, string name)
    {
        CurveRecord[] curves =
        [
            .. _result.Cases.Where(record => record.Method == method.Name)
                .SelectMany(record => record.Curves).Where(curve => curve.Name == name),
        ];
        if (curves.Length == 0)
            return null;
        double[] means =
            [.. Enumerable.Range(0, curves[0].Values.Length).Select(i => curves.Average(curve => curve.Values[i]))];
        return new(curves[0].From, curves[0].To, [.. means.Select(value => Math.Round(value, 4))]);
    }

    private static SanityPanel Sanity(SanityRecord record)
    {
        SaliencyMap grid = EmbeddedPictures.Coarse(record.Map.ToMap(), MapSide);
        return new(
            record.Method, record.ClassName, record.Picture, grid.Width, grid.Height, Cells(record.Map),
            [.. record.Steps.Select(step =>
                new SanityMap(step.Layer, step.RandomizedLayers, step.Spearman, step.Ssim, Cells(step.Map)))]);
    }

    private static string Cells(MapRecord map) => EmbeddedPictures.Cells(EmbeddedPictures.Coarse(map.ToMap(), MapSide));
}
