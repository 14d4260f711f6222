namespace ScoreCam.Evaluation;

/// <summary>
/// Average Drop % (Chattopadhay et al., "Grad-CAM++", WACV 2018): 100 · max(0, Y − O) / Y with the probability Y of the class on the whole picture and O on the
/// picture masked by the map, so that the highlighted region is kept. Lower is better.
/// </summary>
public sealed class AverageDrop : Metric
{
    private readonly bool _muted;

    /// <summary>The metric.</summary>
    /// <param name="mutesLowerHalf">Whether the lower half of the map's pixels is set to zero first, as in the Score-CAM paper.</param>
    public AverageDrop(bool mutesLowerHalf = false) => _muted = mutesLowerHalf;

    /// <inheritdoc/>
    public override string Name => _muted ? "average-drop-50" : "average-drop";

    /// <inheritdoc/>
    public override string Title => _muted ? "Average Drop % (50 % muted)" : "Average Drop %";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) =>
        new() { Value = 100 * Drop(evaluation.Probability(cancellationToken), evaluation.MaskedProbability(_muted, cancellationToken)) };

    /// <summary>max(0, Y − O) / Y, 0…1; nothing can drop from zero.</summary>
    internal static double Drop(double whole, double masked) => whole > 0 ? Math.Max(0, whole - masked) / whole : 0;
}
