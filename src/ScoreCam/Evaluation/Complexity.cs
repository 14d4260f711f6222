using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>Complexity (Poppi et al., "Revisiting the Evaluation of Class Activation Mapping for Explainability", CVPRW 2021): the mean of the map. 0…1, lower is better.</summary>
public sealed class Complexity : Metric
{
    /// <inheritdoc/>
    public override string Name => "complexity";

    /// <inheritdoc/>
    public override string Title => "Complexity";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) => new() { Value = Of(evaluation.Map) };

    internal static double Of(SaliencyMap map) => TensorPrimitives.Sum(map.Values) / (double)map.Values.Length;
}
