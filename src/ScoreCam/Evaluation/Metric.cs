using ScoreCam.IO;

namespace ScoreCam.Evaluation;

/// <summary>
/// A metric that assigns a number to an explanation. The value for a dataset is the mean over its pictures; see
/// <see cref="MetricSummary"/>. Metrics run the network through the <see cref="EvaluationCase"/>, which stores results
/// that several metrics need. Immutable and thread-safe.
/// </summary>
public abstract class Metric
{
    private protected Metric()
    {
    }

    /// <summary>
    /// All metrics for photographs with their default settings, in the order of a table. <see cref="RelevanceMass"/>
    /// and <see cref="RelevanceRank"/> are not included, because they need a known answer.
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
    /// <exception cref="ArgumentException">The metric does not exist. The message lists all names.</exception>
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

    /// <summary>Computes the metric for one explanation.</summary>
    /// <exception cref="ScoreCamException">The network produced non-finite values, or failed.</exception>
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
    /// <summary>
    /// The value; null if the metric does not apply to the picture, for example because it has no boxes.
    /// </summary>
    public double? Value { get; init; }

    /// <summary>The curves from which the value was computed. Empty if there are none.</summary>
    public IReadOnlyList<MetricCurve> Curves { get; init; } = [];

    /// <summary>
    /// The fraction of the pixels, 0…1, whose value equals the value of another pixel. Null if the metric does not
    /// order the pixels.
    /// </summary>
    public double? TiedShare { get; init; }
}

/// <summary>
/// Values along an axis, for example the probability against the fraction of deleted pixels. Immutable and thread-safe.
/// </summary>
public sealed record MetricCurve
{
    /// <summary>The name of the values, for example <c>deletion</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The positions, in ascending order.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>One value per position.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>The area under the curve, computed with the trapezoidal rule.</summary>
    public double Area =>
        Enumerable.Range(1, Math.Max(0, X.Count - 1)).Sum(i => (X[i] - X[i - 1]) * (Y[i] + Y[i - 1]) / 2);
}
