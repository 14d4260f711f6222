using ScoreCam.IO;

namespace ScoreCam.Evaluation;

/// <summary>
/// One number about one explanation. A table over a dataset is the mean of it over pictures, see <see cref="MetricSummary"/>. Metrics are immutable and
/// thread-safe; they ask the network through the <see cref="EvaluationCase"/>, which remembers what several of them need.
/// </summary>
public abstract class Metric
{
    private protected Metric()
    {
    }

    /// <summary>Every metric with its default settings, in the order of a table.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new AverageDrop(), new AverageIncrease(), new AverageGain(),
        new AverageDrop(mutesLowerHalf: true), new AverageIncrease(mutesLowerHalf: true), new AverageGain(mutesLowerHalf: true),
        new Insertion(), new Deletion(), new Road(),
        new EnergyInBox(), new EnergyInBox(oneSmallBox: true), new PointingGame(), new BoxIoU(),
        new Complexity(), new Coherency(), new Adcc(),
    ];

    /// <summary>Its name on a command line, for example <c>average-drop</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its name in a table, with the unit, for example <c>Average Drop %</c>.</summary>
    public abstract string Title { get; }

    /// <summary>Whether a larger value speaks for the explanation.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Whether it applies only to pictures with boxes.</summary>
    public virtual bool NeedsBoxes => false;

    /// <summary>The metric of a name, ignoring case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static Metric Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(metric => string.Equals(metric.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no metric '{name}'{Suggestion.DidYouMean(name, All.Select(metric => metric.Name)) ?? "."} Metrics: {string.Join(", ", All.Select(metric => metric.Name))}.", nameof(name));
    }

    /// <summary>Measures one explanation.</summary>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public MetricResult Evaluate(EvaluationCase evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        cancellationToken.ThrowIfCancellationRequested();
        return EvaluateCore(evaluation, cancellationToken);
    }

    private protected abstract MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken);
}
