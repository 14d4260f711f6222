namespace ScoreCam.Evaluation;

/// <summary>Average Increase %: 100 where the probability of the class is larger on the picture masked by the map than on the whole one, else 0. Higher is better.</summary>
public sealed class AverageIncrease : Metric
{
    private readonly bool _muted;

    /// <summary>The metric.</summary>
    /// <param name="mutesLowerHalf">Whether the lower half of the map's pixels is set to zero first, as in the Score-CAM paper.</param>
    public AverageIncrease(bool mutesLowerHalf = false) => _muted = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _muted ? "average-increase-50" : "average-increase";

    /// <inheritdoc/>
    public override string Title => _muted ? "Average Increase % (50 % muted)" : "Average Increase %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) =>
        new() { Value = evaluation.MaskedProbability(_muted, cancellationToken) > evaluation.Probability(cancellationToken) ? 100 : 0 };
}
