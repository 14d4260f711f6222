using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Localisation by boxes (Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016): intersection over union of the box around the
/// largest component of the pixels at or above a threshold (a share of the maximum; neighbours touch by an edge or a corner) with the best box of the class.
/// The value is the mean over the thresholds 0.1, 0.2, …, 0.9, and the curve gives each. 0…1, higher is better.
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
        double[] overlaps = [.. Thresholds.Select(threshold => max > 0 && Largest(evaluation.Map, (float)(threshold * max)) is { } found ? boxes.Max(found.IoU) : 0)];
        return new() { Value = overlaps.Average(), Curves = [new() { Name = Name, X = Thresholds, Y = overlaps }] };
    }

    private static Box? Largest(SaliencyMap map, float threshold) =>
        map.BoundingBox(threshold) is { } box ? new() { XMin = box.X, YMin = box.Y, XMax = box.X + box.Width, YMax = box.Y + box.Height } : null;
}
