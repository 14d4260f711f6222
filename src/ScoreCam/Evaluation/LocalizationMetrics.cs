using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Energy-based pointing game (Wang et al., "Score-CAM", CVPRW 2020): the fraction of the map's sum that is inside the
/// boxes of the class. Several boxes count as their union. The value for a blank map is 0. 0…1, higher is better.
/// </summary>
public sealed class EnergyInBox : Metric
{
    private readonly bool _oneSmallBox;

    /// <summary>Creates the metric.</summary>
    /// <param name="oneSmallBox">
    /// Whether the metric applies only to pictures with a single box that covers less than half of the input. This is
    /// the paper's condition.
    /// </param>
    public EnergyInBox(bool oneSmallBox = false) => _oneSmallBox = oneSmallBox;

    /// <inheritdoc/>
    public override string Name => _oneSmallBox ? "energy-in-one-box" : "energy-in-box";

    /// <inheritdoc/>
    public override string Title => _oneSmallBox ? "Energy in box (one box, under half)" : "Energy in box";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool NeedsBoxes => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        IReadOnlyList<Box> boxes = evaluation.BoxesOnInput();
        if (boxes.Count == 0 || (_oneSmallBox && !IsOneSmallBox(evaluation, boxes[0])))
            return new();
        ReadOnlySpan<float> map = evaluation.Map.Values;
        bool[] inside = evaluation.InBoxes();
        double sum = 0, energy = 0;
        for (int i = 0; i < map.Length; i++)
        {
            sum += map[i];
            energy += inside[i] ? map[i] : 0;
        }
        return new() { Value = sum == 0 ? 0 : energy / sum };
    }

    private static bool IsOneSmallBox(EvaluationCase evaluation, Box box) =>
        evaluation.Boxes.Count == 1 && box.Area < 0.5 * evaluation.Image.Width * evaluation.Image.Height;
}

/// <summary>
/// Pointing game (Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016): 1 if the maximum of the
/// map is in a box of the class, otherwise 0. If several pixels share the maximum, the pixel nearest to their centroid
/// counts. Higher is better.
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

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        if (evaluation.BoxesOnInput().Count == 0)
            return new();
        return new() { Value = evaluation.InBoxes()[Peak(evaluation.Map)] ? 1 : 0 };
    }

    private static int Peak(SaliencyMap map)
    {
        float[] values = map.Values.ToArray();
        float max = TensorPrimitives.Max<float>(values);
        int[] plateau = [.. Enumerable.Range(0, values.Length).Where(i => values[i] == max)];
        double row = plateau.Average(i => i / map.Width), column = plateau.Average(i => i % map.Width);
        return plateau.MinBy(i => Square((i / map.Width) - row) + Square((i % map.Width) - column));
    }

    private static double Square(double x) => x * x;
}

/// <summary>
/// Localisation by boxes (Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016). The
/// predicted box encloses the largest region at or above a threshold, which is a fraction of the map's maximum. Pixels
/// are connected if they share an edge or a corner. The predicted box is compared with the best-matching box of the
/// class by intersection over union. The value is the mean over the thresholds 0.1, 0.2, …, 0.9, and the curve contains
/// the value of each threshold. 0…1, higher is better.
/// </summary>
public sealed class BoxIoU : Metric
{
    private static readonly double[] Thresholds = [.. Enumerable.Range(1, 9).Select(i => i / 10.0)];

    /// <inheritdoc/>
    public override string Name => "box-iou";

    /// <inheritdoc/>
    public override string Title => "Box IoU";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool NeedsBoxes => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        IReadOnlyList<Box> boxes = evaluation.BoxesOnInput();
        if (boxes.Count == 0)
            return new();
        float max = TensorPrimitives.Max(evaluation.Map.Values);
        double[] overlaps = [.. Thresholds.Select(Overlap)];
        return new() { Value = overlaps.Average(), Curves = [new() { Name = Name, X = Thresholds, Y = overlaps }] };

        double Overlap(double threshold)
        {
            Box? found = max > 0 ? LargestRegion(evaluation.Map, (float)(threshold * max)) : null;
            return found is null ? 0 : boxes.Max(found.IoU);
        }
    }

    private static Box? LargestRegion(SaliencyMap map, float threshold) => map.BoundingBox(threshold) is { } box
        ? new() { XMin = box.X, YMin = box.Y, XMax = box.X + box.Width, YMax = box.Y + box.Height }
        : null;
}
