using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Pointing game (Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016): 1 where the maximum of the map lies in a box of the class, else
/// 0. Of several pixels with the maximum the one nearest to their centroid counts. Higher is better.
/// </summary>
public sealed class PointingGame : Metric
{
    /// <inheritdoc/>
    public override string Name => "pointing-game";

    /// <inheritdoc/>
    public override string Title => "Pointing game";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool NeedsBoxes => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) =>
        evaluation.BoxesOnInput().Count == 0 ? new() : new() { Value = evaluation.InBoxes()[Peak(evaluation.Map)] ? 1 : 0 };

    private static int Peak(SaliencyMap map)
    {
        float max = TensorPrimitives.Max(map.Values);
        float[] values = map.Values.ToArray();
        int[] plateau = [.. Enumerable.Range(0, values.Length).Where(i => values[i] == max)];
        (double row, double column) = (plateau.Average(i => i / map.Width), plateau.Average(i => i % map.Width));
        return plateau.MinBy(i => Square((i / map.Width) - row) + Square((i % map.Width) - column));
    }

    private static double Square(double x) => x * x;
}
