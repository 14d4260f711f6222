using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Complexity (Poppi et al., "Revisiting the Evaluation of Class Activation Mapping for Explainability", CVPRW 2021):
/// the mean of the map. 0…1, lower is better.
/// </summary>
public sealed class Complexity : Metric
{
    /// <inheritdoc/>
    public override string Name => "complexity";

    /// <inheritdoc/>
    public override string Title => "Complexity";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override MetricResult EvaluateCore(
        EvaluationCase evaluation, CancellationToken cancellationToken) => new() { Value = Of(evaluation.Map) };

    internal static double Of(SaliencyMap map) => TensorPrimitives.Sum(map.Values) / (double)map.Values.Length;
}

/// <summary>
/// Coherency (Poppi et al., CVPRW 2021): (ρ + 1) / 2, where ρ is the correlation of the map with a second map. The
/// second map explains the same class on the picture masked by the first map. ρ is 0 if one of the maps is constant.
/// The metric runs the explainer a second time. 0…1, higher is better.
/// </summary>
public sealed class Coherency : Metric
{
    /// <inheritdoc/>
    public override string Name => "coherency";

    /// <inheritdoc/>
    public override string Title => "Coherency";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(
        EvaluationCase evaluation, CancellationToken cancellationToken) =>
        new() { Value = evaluation.Coherency(cancellationToken) };
}

/// <summary>
/// ADCC (Poppi et al., CVPRW 2021): the harmonic mean of coherency, 1 − complexity and 1 − average drop; 0 if one of
/// them is 0. 0…1, higher is better.
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
        double whole = evaluation.Probability(cancellationToken);
        double masked = evaluation.MaskedProbability(mutesLowerHalf: false, cancellationToken);
        double kept = 1 - AverageDrop.Drop(whole, masked);
        double simple = 1 - Complexity.Of(evaluation.Map);
        double coherent = evaluation.Coherency(cancellationToken);
        return new() { Value = HarmonicMean(coherent, simple, kept) };
    }

    /// <summary>
    /// Returns the harmonic mean of three numbers. It is 0 if one of them is not positive, which can happen after
    /// rounding.
    /// </summary>
    internal static double HarmonicMean(double a, double b, double c) =>
        Math.Min(a, Math.Min(b, c)) <= 0 ? 0 : 3 / ((1 / a) + (1 / b) + (1 / c));
}

/// <summary>
/// ARCC: the harmonic mean of coherency, 1 − complexity and 2 · ROAD clipped to 0…1. It is <see cref="Adcc"/> with
/// <see cref="Road"/> instead of the average drop, because the masked pictures of the average drop look unlike
/// photographs. 0…1, higher is better.
/// </summary>
public sealed class Arcc : Metric
{
    private readonly Road _road;

    /// <summary>Creates the metric.</summary>
    /// <param name="seed">The seed of ROAD.</param>
    public Arcc(int seed = 0) => _road = new(seed);

    /// <inheritdoc/>
    public override string Name => "arcc";

    /// <inheritdoc/>
    public override string Title => "ARCC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        MetricResult road = _road.Evaluate(evaluation, cancellationToken);
        double removed = Math.Clamp(2 * road.Value!.Value, 0, 1);
        double simple = 1 - Complexity.Of(evaluation.Map);
        double coherent = evaluation.Coherency(cancellationToken);
        return new() { Value = Adcc.HarmonicMean(coherent, simple, removed), TiedShare = road.TiedShare };
    }
}
