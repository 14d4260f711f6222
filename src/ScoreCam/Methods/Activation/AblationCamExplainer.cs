using ScoreCam.Execution;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>
/// Ablation-CAM (Desai and Ramaswamy, "Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization", WACV 2020): the weight
/// of a channel is the relative drop of the score when the channel is set to zero, α_k = (y − y_k) / |y|; L = ReLU(Σ α_k A_k). Only the part of the network
/// after the layer runs, once per channel that is not all zero. (The paper divides by y; a negative y would turn the map upside down.)
/// </summary>
public sealed class AblationCamExplainer : LayerExplainer
{
    private readonly bool _probabilities;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer, or an option is out of its range.</exception>
    public AblationCamExplainer(ImageModel model, AblationCamOptions? options = null)
        : base(model)
    {
        options ??= new();
        if (!Enum.IsDefined(options.Scored))
            throw new ArgumentOutOfRangeException(nameof(AblationCamOptions.Scored), options.Scored, "Expected Probability or Logit.");
        (Layer, _probabilities) = (LayerOf(model, options.Layer), options.Scored == ScoredValue.Probability);
    }

    /// <inheritdoc/>
    public override string Name => "Ablation-CAM";

    private protected override string Layer { get; }

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        ActivationMaps maps = run.Maps;
        int[] live = [.. Enumerable.Range(0, maps.Channels).Where(k => maps[k].IndexOfAnyExcept(0f) >= 0)];
        using var tail = new NetworkTail(Model.Network, run, _probabilities);
        // The last pass is that of all channels.
        float[][] scores = tail.Score(live.Length + 1, (i, activations, input, _) =>
        {
            if (i < live.Length)
                input.WriteWithoutChannel(live[i], activations);
            else
                input.Write(activations);
        });
        return [.. scores.Select(row => new SaliencyMap(maps.Width, maps.Height, maps.WeightedSum(Weights(row, live, maps.Channels))))];
    }

    private static float[] Weights(float[] scores, int[] live, int channels)
    {
        var weights = new float[channels];
        float whole = scores[^1], size = whole == 0 ? 1 : MathF.Abs(whole);
        for (int i = 0; i < live.Length; i++)
            weights[live[i]] = (whole - scores[i]) / size;
        return weights;
    }
}
