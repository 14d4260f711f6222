using System.Numerics.Tensors;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>Options of Recipro-CAM.</summary>
public sealed record ReciproCamOptions : LayerOptions
{
    /// <summary>The value to read for each position. The default is the probability, as in the paper.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Probability;

    /// <summary>
    /// Whether each position also keeps its neighbours, weighted by a 3 × 3 Gaussian (1/4, 1/8, 1/16), as in the
    /// published code. If false, only the position itself is kept. The default is true.
    /// </summary>
    public bool Gaussian { get; init; } = true;
}

/// <summary>
/// Recipro-CAM (Byun and Lee, "Recipro-CAM: Fast gradient-free visual explanations for convolutional neural networks",
/// 2022). The value of a position in the layer is the target's score when all other positions of the activations are
/// set to zero. Only the part of the network after the layer runs, h · w times.
/// </summary>
public sealed class ReciproCamExplainer : LayerExplainer
{
    private readonly ReciproCamOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">
    /// A requested layer is not in the model, or an option is out of range.
    /// </exception>
    public ReciproCamExplainer(ImageModel model, ReciproCamOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        _options.Scored.Checked();
    }

    /// <inheritdoc/>
    public override string Name => "Recipro-CAM";

    /// <summary>False: scores have no natural zero, so min–max normalisation is applied directly.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        (int height, int width) = (layer.Activations.Height, layer.Activations.Width);
        float[][] scores = layer.ScoreActivations(height * width, OnlyPosition, _options.Scored);
        return layer.ForEachTarget(t => new SaliencyMap(width, height, scores[t]));

        void OnlyPosition(int i, Span<float> activations)
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
