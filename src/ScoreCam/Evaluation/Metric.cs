using ScoreCam.IO;

namespace ScoreCam.Evaluation;

/// <summary>
/// One number about one explanation. The value of a dataset is the mean over its pictures, see
/// <see cref="MetricSummary"/>. Metrics are immutable and thread-safe. They run the network through the
/// <see cref="EvaluationCase"/>, which keeps what several metrics need.
/// </summary>
public abstract class Metric
{
    private protected Metric()
    {
    }

    /// <summary>
    /// Every metric of photographs with its default settings, in the order of a table. <see cref="RelevanceMass"/> and
    /// <see cref="RelevanceRank"/> need a known answer and are not among them.
    /// </summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new AverageDrop(), new AverageIncrease(), new AverageGain(),
        new AverageDrop(mutesLowerHalf: true), new AverageIncrease(mutesLowerHalf: true),
        new AverageGain(mutesLowerHalf: true),
        new Insertion(), new Deletion(), new Road(),
        new EnergyInBox(), new EnergyInBox(oneSmallBox: true), new PointingGame(), new BoxIoU(),
        new Complexity(), new Coherency(), new Adcc(), new Arcc(),
    ];

    /// <summary>The name on a command line, for example <c>average-drop</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name in a table, with the unit, for example <c>Average Drop %</c>.</summary>
    public abstract string Title { get; }

    /// <summary>Whether a larger value is better.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Whether the metric applies only to pictures with boxes.</summary>
    public virtual bool NeedsBoxes => false;

    /// <summary>Finds a metric by its name, ignoring case.</summary>
    /// <exception cref="ArgumentException">There is no such metric; the message lists all names.</exception>
    public static Metric Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] names = [.. All.Select(metric => metric.Name)];
        int index = Array.FindIndex(names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
            return All[index];
        string suggestion = Suggestion.DidYouMean(name, names) ?? ".";
        throw new ArgumentException(
            $"There is no metric '{name}'{suggestion} Metrics: {string.Join(", ", names)}.", nameof(name));
    }

    /// <summary>Measures one explanation.</summary>
    /// <exception cref="ScoreCamException">The network returned non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public MetricResult Evaluate(EvaluationCase evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        cancellationToken.ThrowIfCancellationRequested();
        return EvaluateCore(evaluation, cancellationToken);
    }

    private protected abstract MetricResult EvaluateCore(
        EvaluationCase evaluation, CancellationToken cancellationToken);
}

/// <summary>The result of a metric for one explanation. Immutable and thread-safe.</summary>
public sealed record MetricResult
{
    /// <summary>The value; null if the metric does not apply to the picture, for example without boxes.</summary>
    public double? Value { get; init; }

    /// <summary>The curves that the value was computed from; empty if there are none.</summary>
    public IReadOnlyList<MetricCurve> Curves { get; init; } = [];

    /// <summary>
    /// The share of the pixels, 0…1, that have the same value as another pixel; null if the metric does not order the
    /// pixels.
    /// </summary>
    public double? TiedShare { get; init; }
}

/// <summary>
/// Values along an axis, for example the probability over the share of deleted pixels. Immutable and thread-safe.
/// </summary>
public sealed record MetricCurve
{
    /// <summary>The name of the values, for example <c>deletion</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The positions, ascending.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>One value per position.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>The area under the curve by the trapezoid rule.</summary>
    public double Area =>
        Enumerable.Range(1, Math.Max(0, X.Count - 1)).Sum(i => (X[i] - X[i - 1]) * (Y[i] + Y[i - 1]) / 2);
}
