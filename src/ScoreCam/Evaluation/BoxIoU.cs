using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Localisation by boxes (Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016): intersection over union of the box around the
/// largest component of the pixels at or above a threshold (a share of the maximum; neighbours touch by an edge or a corner) with the best box of the class.
/// The value is the mean over the thresholds 0.1, 0.2, …, 0.9, and the curve gives each. 0…1, higher is better.
/// </summary>
public sealed class BoxIoU : Metric
{
    private static readonly double[] s_thresholds = [.. Enumerable.Range(1, 9).Select(i => i / 10.0)];

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
        double[] overlaps = [.. s_thresholds.Select(threshold => max > 0 && Largest(evaluation.Map, (float)(threshold * max)) is { } found ? boxes.Max(found.IoU) : 0)];
        return new() { Value = overlaps.Average(), Curves = [new() { Name = Name, X = s_thresholds, Y = overlaps }] };
    }

    /// <summary>The box around the largest component; the first of equals.</summary>
    private static Box? Largest(SaliencyMap map, float threshold)
    {
        (int width, int height) = (map.Width, map.Height);
        var seen = new bool[width * height];
        var open = new Stack<int>();
        Box? largest = null;
        int most = 0;
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start] || map.Values[start] < threshold)
                continue;
            (int count, int left, int top, int right, int bottom) = (0, width, height, 0, 0);
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out int pixel))
            {
                (int row, int column) = (pixel / width, pixel % width);
                (count, left, right) = (count + 1, Math.Min(left, column), Math.Max(right, column + 1));
                (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row + 1));
                for (int y = Math.Max(0, row - 1); y <= Math.Min(height - 1, row + 1); y++)
                    for (int x = Math.Max(0, column - 1); x <= Math.Min(width - 1, column + 1); x++)
                    {
                        int neighbour = (y * width) + x;
                        if (!seen[neighbour] && map.Values[neighbour] >= threshold)
                        {
                            seen[neighbour] = true;
                            open.Push(neighbour);
                        }
                    }
            }
            if (count > most)
                (most, largest) = (count, new() { XMin = left, YMin = top, XMax = right, YMax = bottom });
        }
        return largest;
    }
}
