namespace ScoreCam.Evaluation;

/// <summary>
/// Coherency (Poppi et al., CVPRW 2021): (ρ + 1) / 2 with the correlation ρ between the map and the map of the picture masked by it, for the same class; ρ = 0
/// where one is flat. It asks the explainer a second time. 0…1, higher is better.
/// </summary>
public sealed class Coherency : Metric
{
    /// <inheritdoc/>
    public override string Name => "coherency";

    /// <inheritdoc/>
    public override string Title => "Coherency";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) => new() { Value = evaluation.Coherency(cancellationToken) };
}
