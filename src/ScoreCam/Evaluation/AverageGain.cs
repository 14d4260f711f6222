namespace ScoreCam.Evaluation;

/// <summary>
/// Average Gain % (Zhang et al., "Opti-CAM", 2024): 100 · max(0, O − Y) / (1 − Y), the counterpart of <see cref="AverageDrop"/>. Higher is better.
/// </summary>
public sealed class AverageGain : Metric
{
    private readonly bool _muted;

    /// <summary>The metric.</summary>
    /// <param name="mutesLowerHalf">Whether the lower half of the map's pixels is set to zero first.</param>
    public AverageGain(bool mutesLowerHalf = false) => _muted = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _muted ? "average-gain-50" : "average-gain";

    /// <inheritdoc/>
    public override string Title => _muted ? "Average Gain % (50 % muted)" : "Average Gain %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        (double whole, double masked) = (evaluation.Probability(cancellationToken), evaluation.MaskedProbability(_muted, cancellationToken));
        // Nothing can be gained on certainty.
        return new() { Value = whole < 1 ? 100 * Math.Max(0, masked - whole) / (1 - whole) : 0 };
    }
}
