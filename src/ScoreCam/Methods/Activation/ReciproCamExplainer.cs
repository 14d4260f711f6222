using ScoreCam.Execution;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>
/// Recipro-CAM (Byun and Lee, "Recipro-CAM: Fast gradient-free visual explanations for convolutional neural networks", 2022): the value of a place of the layer is
/// the target's score when the activations of that place alone go through the rest of the network. Only that rest runs, h · w times.
/// </summary>
public sealed class ReciproCamExplainer : LayerExplainer
{
    private readonly ReciproCamOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer, or an option is out of its range.</exception>
    public ReciproCamExplainer(ImageModel model, ReciproCamOptions? options = null)
        : base(model)
    {
        _options = options ?? new();
        if (!Enum.IsDefined(_options.Scored))
            throw new ArgumentOutOfRangeException(nameof(ReciproCamOptions.Scored), _options.Scored, "Expected Probability or Logit.");
        Layer = LayerOf(model, _options.Layer);
    }

    /// <inheritdoc/>
    public override string Name => "Recipro-CAM";

    private protected override string Layer { get; }

    // Logits have no natural zero: the map is min–max normalised as it is.
    private protected override bool Rectifies => false;

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        (int height, int width) = (run.Maps.Height, run.Maps.Width);
        using var tail = new NetworkTail(Model.Network, run, _options.Scored == ScoredValue.Probability);
        float[][] scores = tail.Score(height * width, (i, destination, activations, buffer) =>
        {
            Span<float> mask = buffer.Mask;
            mask.Clear();
            WriteMask(mask, i / width, i % width, height, width);
            activations.WriteMasked(mask, destination);
        });
        return [.. scores.Select(row => new SaliencyMap(width, height, row))];
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
