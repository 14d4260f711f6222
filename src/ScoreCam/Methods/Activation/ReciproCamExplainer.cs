using System.Numerics.Tensors;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>How Recipro-CAM is computed.</summary>
public sealed record ReciproCamOptions : LayerOptions
{
    /// <summary>What is read for each place. Default: the probability, as in the paper.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Probability;

    /// <summary>
    /// Whether a place keeps its neighbours too, weighted by a 3 × 3 Gaussian (1/4, 1/8, 1/16), as in the published
    /// code; otherwise it stands alone. Default: true.
    /// </summary>
    public bool Gaussian { get; init; } = true;
}

/// <summary>
/// Recipro-CAM (Byun and Lee, "Recipro-CAM: Fast gradient-free visual explanations for convolutional neural networks",
/// 2022). The value of a place of the layer is the target's score when the activations of that place alone go through
/// the rest of the network. Only that rest runs, h · w times.
/// </summary>
public sealed class ReciproCamExplainer : LayerExplainer
{
    private readonly ReciproCamOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer, or an option is out of its range.</exception>
    public ReciproCamExplainer(ImageModel model, ReciproCamOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        _options.Scored.Checked();
    }

    /// <inheritdoc/>
    public override string Name => "Recipro-CAM";

    /// <summary>False: scores have no natural zero, so the map is min–max normalised as it is.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        (int height, int width) = (layer.Activations.Height, layer.Activations.Width);
        float[][] scores = layer.ScoreActivations(height * width, OnlyPlace, _options.Scored);
        return layer.ForEachTarget(t => new SaliencyMap(width, height, scores[t]));

        void OnlyPlace(int i, Span<float> activations)
        {
            var mask = new float[height * width];
            WriteMask(mask, i / width, i % width, height, width);
            for (int start = 0; start < activations.Length; start += mask.Length)
            {
                Span<float> map = activations.Slice(start, mask.Length);
                TensorPrimitives.Multiply(map, mask, map);
            }
        }
    }

    private void WriteMask(Span<float> mask, int row, int column, int height, int width)
    {
        if (!_options.Gaussian)
        {
            mask[(row * width) + column] = 1;
            return;
        }
        for (int y = Math.Max(0, row - 1); y <= Math.Min(height - 1, row + 1); y++)
            for (int x = Math.Max(0, column - 1); x <= Math.Min(width - 1, column + 1); x++)
                mask[(y * width) + x] = 0.25f / (1 << (Math.Abs(y - row) + Math.Abs(x - column)));
    }
}
