namespace ScoreCam.Evaluation;

/// <summary>
/// Average Drop % (Chattopadhay et al., "Grad-CAM++", WACV 2018): 100 · max(0, Y − O) / Y. Y is the probability of the
/// class on the unmasked picture, and O is the probability on the picture masked by the map. The mask keeps the
/// highlighted region. 0…100, lower is better.
/// </summary>
public sealed class AverageDrop : Metric
{
    private readonly bool _mutesLowerHalf;

    /// <summary>Creates the metric.</summary>
    /// <param name="mutesLowerHalf">
    /// Whether the lower half of the map's pixels is set to zero first, as in the Score-CAM paper.
    /// </param>
    public AverageDrop(bool mutesLowerHalf = false) => _mutesLowerHalf = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _mutesLowerHalf ? "average-drop-50" : "average-drop";

    /// <inheritdoc/>
    public override string Title => _mutesLowerHalf ? "Average Drop % (50 % muted)" : "Average Drop %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        double whole = evaluation.Probability(cancellationToken);
        double masked = evaluation.MaskedProbability(_mutesLowerHalf, cancellationToken);
        return new() { Value = 100 * Drop(whole, masked) };
    }

    /// <summary>max(0, Y − O) / Y, 0…1. A probability of zero cannot drop.</summary>
    internal static double Drop(double whole, double masked) => whole > 0 ? Math.Max(0, whole - masked) / whole : 0;
}

/// <summary>
/// Average Increase %: 100 if the class is more probable on the picture masked by the map than on the unmasked picture,
/// otherwise 0. Higher is better.
/// </summary>
public sealed class AverageIncrease : Metric
{
    private readonly bool _mutesLowerHalf;

    /// <inheritdoc cref="AverageDrop(bool)"/>
    public AverageIncrease(bool mutesLowerHalf = false) => _mutesLowerHalf = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _mutesLowerHalf ? "average-increase-50" : "average-increase";

    /// <inheritdoc/>
    public override string Title => _mutesLowerHalf ? "Average Increase % (50 % muted)" : "Average Increase %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        double whole = evaluation.Probability(cancellationToken);
        double masked = evaluation.MaskedProbability(_mutesLowerHalf, cancellationToken);
        return new() { Value = masked > whole ? 100 : 0 };
    }
}

/// <summary>
/// Average Gain % (Zhang et al., "Opti-CAM", 2024): 100 · max(0, O − Y) / (1 − Y). It is the counterpart of
/// <see cref="AverageDrop"/>. 0…100, higher is better.
/// </summary>
public sealed class AverageGain : Metric
{
    private readonly bool _mutesLowerHalf;

    /// <inheritdoc cref="AverageDrop(bool)"/>
    public AverageGain(bool mutesLowerHalf = false) => _mutesLowerHalf = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _mutesLowerHalf ? "average-gain-50" : "average-gain";

    /// <inheritdoc/>
    public override string Title => _mutesLowerHalf ? "Average Gain % (50 % muted)" : "Average Gain %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        double whole = evaluation.Probability(cancellationToken);
        double masked = evaluation.MaskedProbability(_mutesLowerHalf, cancellationToken);
        // A probability of one cannot increase.
        return new() { Value = whole < 1 ? 100 * Math.Max(0, masked - whole) / (1 - whole) : 0 };
    }
}
