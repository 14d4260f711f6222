using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014): a window of zeros of the preprocessed input slides over
/// the picture; each pixel takes the mean drop of the target's score over the windows that cover it. It needs no layer.
/// </summary>
public sealed class OcclusionExplainer : LayerExplainer
{
    private readonly OcclusionOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range. A window larger than the input is refused when explaining.</exception>
    public OcclusionExplainer(ImageModel model, OcclusionOptions? options = null)
        : base(model)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Window ?? 1, 1, nameof(OcclusionOptions.Window));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Stride ?? 1, 1, nameof(OcclusionOptions.Stride));
        if (!Enum.IsDefined(_options.Scored))
            throw new ArgumentOutOfRangeException(nameof(OcclusionOptions.Scored), _options.Scored, "Expected Probability or Logit.");
    }

    /// <inheritdoc/>
    public override string Name => "Occlusion";

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        (int height, int width) = (run.Input.Height, run.Input.Width);
        int shorter = Math.Min(height, width);
        int side = _options.Window ?? Math.Max(1, (shorter + 3) / 7);
        if (side > shorter)
            throw new ArgumentOutOfRangeException(nameof(OcclusionOptions.Window), side, $"The window is larger than the input of {width} × {height} pixels.");
        int stride = _options.Stride ?? Math.Max(1, side / 2);
        if (stride > side)
            throw new ArgumentOutOfRangeException(nameof(OcclusionOptions.Stride), stride, $"Pixels between windows of {side} would never be covered; a stride up to {side} was expected.");
        int[] tops = Positions(height, side, stride), lefts = Positions(width, side, stride);
        int windows = tops.Length * lefts.Length;

        // The last picture is the unmasked one, in the same sweep.
        float[][] scores = new TargetScorer(Model.Network.Pool, height, width, run.Head, run.Targets, _options.Scored == ScoredValue.Probability).Score(
            windows + 1,
            (i, picture, buffer) =>
            {
                Span<float> mask = buffer.Mask;
                mask.Fill(1);
                if (i < windows)
                    Add(mask, i, -1);
                run.Input.WriteMasked(mask, picture);
            },
            run.Run);

        var covered = new float[height * width];
        for (int i = 0; i < windows; i++)
            Add(covered, i, 1);
        return [.. scores.Select(row =>
        {
            var sum = new float[height * width];
            for (int i = 0; i < windows; i++)
                Add(sum, i, row[windows] - row[i]);
            TensorPrimitives.Divide(sum, covered, sum);
            return new SaliencyMap(width, height, sum);
        })];

        void Add(Span<float> plane, int window, float value)
        {
            (int top, int left) = (tops[window / lefts.Length], lefts[window % lefts.Length]);
            for (int y = top; y < top + side; y++)
            {
                Span<float> row = plane.Slice((y * width) + left, side);
                TensorPrimitives.Add(row, value, row);
            }
        }
    }

    /// <summary>Where windows start along an axis; the last one ends at the edge.</summary>
    private static int[] Positions(int length, int side, int stride)
    {
        List<int> positions = [];
        for (int start = 0; start < length - side; start += stride)
            positions.Add(start);
        return [.. positions, length - side];
    }
}
