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
/// Coherency (Poppi et al., CVPRW 2021): (ρ + 1) / 2. ρ is the correlation between the map and the map of the picture
/// masked by it, for the same class, and 0 if one of the maps is flat. The metric runs the explainer a second time.
/// 0…1, higher is better.
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

    /// <summary>The harmonic mean of three numbers; 0 if one of them is not positive, as after rounding.</summary>
    internal static double HarmonicMean(double a, double b, double c) =>
        Math.Min(a, Math.Min(b, c)) <= 0 ? 0 : 3 / ((1 / a) + (1 / b) + (1 / c));
}

/// <summary>
/// ARCC: the harmonic mean of coherency, 1 − complexity and 2 · ROAD clipped to 0…1. It is <see cref="Adcc"/> with
/// <see cref="Road"/> in place of the average drop, whose masked pictures are unlike any photograph. 0…1, higher is
/// better.
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
