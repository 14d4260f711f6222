using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>Options of Ablation-CAM.</summary>
public sealed record AblationCamOptions : LayerOptions
{
    /// <summary>The value to compare. The default is the logit, as in the paper.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Logit;
}

/// <summary>
/// Ablation-CAM (Desai and Ramaswamy, "Ablation-CAM: Visual Explanations for Deep Convolutional Network via
/// Gradient-free Localization", WACV 2020). The weight of a channel is the relative drop of the score when the channel
/// is set to zero, α_k = (y − y_k) / |y|, and L = ReLU(Σ α_k A_k). Only the part of the network after the layer runs,
/// once per channel that is not all zeros. The paper divides by y, but a negative y would invert the map.
/// </summary>
public sealed class AblationCamExplainer : LayerExplainer
{
    private readonly ScoredValue _scored;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">
    /// A requested layer is not in the model, or an option is out of range.
    /// </exception>
    public AblationCamExplainer(ImageModel model, AblationCamOptions? options = null)
        : base(model, options) => _scored = (options ?? new()).Scored.Checked();

    /// <inheritdoc/>
    public override string Name => "Ablation-CAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        ActivationMaps maps = layer.Activations;
        int positions = maps.Height * maps.Width;
        int[] live = [.. Enumerable.Range(0, maps.Channels).Where(k => maps[k].IndexOfAnyExcept(0f) >= 0)];

        // The last score is the score with all channels, from the same part of the network.
        float[][] scores = layer.ScoreActivations(live.Length + 1, WithoutChannel, _scored);
        return layer.ForEachTarget(t => layer.WeightedSum(Weights(scores[t])));

        void WithoutChannel(int i, Span<float> activations)
        {
            if (i < live.Length)
                activations.Slice(live[i] * positions, positions).Clear();
        }

        float[] Weights(float[] scored)
        {
            var weights = new float[maps.Channels];
            float whole = scored[^1], size = whole == 0 ? 1 : MathF.Abs(whole);
            for (int i = 0; i < live.Length; i++)
                weights[live[i]] = (whole - scored[i]) / size;
            return weights;
        }
    }
}
