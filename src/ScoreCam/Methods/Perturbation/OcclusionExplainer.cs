using System.Numerics.Tensors;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>Options of occlusion maps.</summary>
public sealed record OcclusionOptions : MaskOptions
{
    /// <summary>
    /// The side of the square window in input pixels, from 1 to the input's shorter side. The default is null, which
    /// means a seventh of the shorter side: 32 for an input of 224 pixels.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>
    /// The distance from one window to the next in pixels, from 1 to the window's side. The default is null, which
    /// means half a window.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>The value to compare. The default is the probability.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Probability;
}

/// <summary>
/// Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014). A window slides
/// over the picture, and the covered pixels are replaced with the mask fill. Each pixel of the map is the mean drop of
/// the target's score over the windows that cover it. It needs no layer.
/// </summary>
public sealed class OcclusionExplainer : MaskExplainer
{
    private readonly OcclusionOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of range. A window larger than the input is rejected when a picture is explained.
    /// </exception>
    public OcclusionExplainer(ImageModel model, OcclusionOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Window ?? 1, 1, nameof(OcclusionOptions.Window));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Stride ?? 1, 1, nameof(OcclusionOptions.Stride));
        _options.Scored.Checked();
    }

    /// <inheritdoc/>
    public override string Name => "Occlusion";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(MethodContext picture)
    {
        var windows = new Windows(_options, picture.Height, picture.Width);
        // The last picture is the unmasked picture.
        float[][] scores = picture.ScoreMasks(windows.Count + 1, WriteMask, _options.Scored);

        var covered = new float[picture.Height * picture.Width];
        for (int i = 0; i < windows.Count; i++)
            windows.Add(covered, i, 1);
        return picture.ForEachTarget(t => MeanDrop(scores[t]));

        void WriteMask(int i, Span<float> mask)
        {
            mask.Fill(1);
            if (i < windows.Count)
                windows.Add(mask, i, -1);
        }

        SaliencyMap MeanDrop(float[] scored)
        {
            var sum = new float[covered.Length];
            for (int i = 0; i < windows.Count; i++)
                windows.Add(sum, i, scored[windows.Count] - scored[i]);
            TensorPrimitives.Divide(sum, covered, sum);
            return new SaliencyMap(picture.Width, picture.Height, sum);
        }
    }

    /// <summary>The windows, row by row. The last window of each axis ends at the edge.</summary>
    private sealed class Windows
    {
        private readonly int _side;
        private readonly int _width;
        private readonly int[] _tops;
        private readonly int[] _lefts;

        public Windows(OcclusionOptions options, int height, int width)
        {
            int shorter = Math.Min(height, width);
            int side = options.Window ?? Math.Max(1, (shorter + 3) / 7);
            if (side > shorter)
                throw new ArgumentOutOfRangeException(
                    nameof(OcclusionOptions.Window),
                    side,
                    $"The window is larger than the input of {width} × {height} pixels.");
            int stride = options.Stride ?? Math.Max(1, side / 2);
            if (stride > side)
                throw new ArgumentOutOfRangeException(
                    nameof(OcclusionOptions.Stride),
                    stride,
                    $"Pixels between windows of {side} would never be covered; a stride up to {side} was expected.");
            (_side, _width) = (side, width);
            (_tops, _lefts) = (Positions(height, side, stride), Positions(width, side, stride));
        }

        public int Count => _tops.Length * _lefts.Length;

        /// <summary>Adds a value to all pixels of a window.</summary>
        public void Add(Span<float> plane, int window, float value)
        {
            (int top, int left) = (_tops[window / _lefts.Length], _lefts[window % _lefts.Length]);
            for (int y = top; y < top + _side; y++)
            {
                Span<float> row = plane.Slice((y * _width) + left, _side);
                TensorPrimitives.Add(row, value, row);
            }
        }

        private static int[] Positions(int length, int side, int stride)
        {
            List<int> positions = [];
            for (int start = 0; start < length - side; start += stride)
                positions.Add(start);
            return [.. positions, length - side];
        }
    }
}
