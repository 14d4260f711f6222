namespace ScoreCam.Evaluation;

/// <summary>
/// ADCC (Poppi et al., CVPRW 2021): the harmonic mean of coherency, 1 − complexity and 1 − average drop, 0 where one of them is 0. 0…1, higher is better.
/// </summary>
public sealed class Adcc : Metric
{
    /// <inheritdoc/>
    public override string Name => "adcc";

    /// <inheritdoc/>
    public override string Title => "ADCC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        double kept = 1 - AverageDrop.Drop(evaluation.Probability(cancellationToken), evaluation.MaskedProbability(false, cancellationToken));
        double simple = 1 - Complexity.Of(evaluation.Map);
        double coherent = evaluation.Coherency(cancellationToken);
        // A mean of ones that rounds above one must not give a negative term.
        return new() { Value = Math.Min(kept, Math.Min(simple, coherent)) <= 0 ? 0 : 3 / ((1 / coherent) + (1 / simple) + (1 / kept)) };
    }
}
