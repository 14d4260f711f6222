using System.Collections.Concurrent;
using System.Numerics.Tensors;
using ScoreCam.Onnx.Analysis;

namespace ScoreCam.Methods.Activation;

/// <summary>
/// CAM (Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016): L = Σ_k w_ck A_k with the
/// weights of the classifier itself. It requires a classifier that is global average pooling followed by one linear
/// layer; other networks are rejected. Targets need a gradient, which gives the weights of the classes in the sum. As
/// in the paper, there is no ReLU. It takes one pass.
/// </summary>
public sealed class CamExplainer : LayerExplainer
{
    private readonly ConcurrentDictionary<string, LinearHead> _heads = new();

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public CamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "CAM";

    /// <summary>False: the paper uses no ReLU.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        LinearHead linear = _heads.GetOrAdd(
            layer.Layer.Name, _ => Model.Network.Layers.LinearHeadOn(layer.Layer));
        RequireLinear(linear, layer);
        return layer.ForEachTarget(t => layer.WeightedSum(Weights(linear, layer, t)));
    }

    /// <summary>
    /// Returns the class weights, summed with the gradient of the target. This is exact for targets that are linear in
    /// the logits.
    /// </summary>
    private static float[] Weights(LinearHead linear, LayerContext layer, int target)
    {
        int channels = layer.Activations.Channels;
        float[] gradient = layer.Seed(target);
        var weights = new float[channels];
        for (int c = 0; c < gradient.Length; c++)
            if (gradient[c] != 0)
                TensorPrimitives.MultiplyAdd(ClassWeights(linear, c, channels), gradient[c], weights, weights);
        return weights;
    }

    /// <summary>Rejects a network whose scores are not the output of the linear layer.</summary>
    private static void RequireLinear(LinearHead linear, LayerContext layer)
    {
        ReadOnlySpan<float> scores = layer.Values;
        string name = layer.Layer.Name;
        if (linear.Bias.Length != scores.Length || layer.Call.Network.Head.ValuesAreProbabilities)
        {
            string kind = layer.Call.Network.Head.ValuesAreProbabilities ? "probabilities" : "logits";
            throw new UnsupportedModelException(
                $"CAM found a linear layer of {linear.Bias.Length} classes on '{name}', but the scores are "
                + $"{scores.Length} {kind}.");
        }

        float[] means = layer.Activations.Means();
        var computed = new float[scores.Length];
        for (int c = 0; c < computed.Length; c++)
            computed[c] = TensorPrimitives.Dot(ClassWeights(linear, c, means.Length), means) + linear.Bias[c];
        float size = 1 + MathF.Abs(TensorPrimitives.MaxMagnitude(scores));
        if (!(TensorPrimitives.Distance(computed, scores) <= 1e-2f * size * MathF.Sqrt(computed.Length)))
            throw new UnsupportedModelException(
                $"Pooling the layer '{name}' and applying the linear layer does not give the network's scores, so CAM "
                + "does not exist for it.");
    }

    private static ReadOnlySpan<float> ClassWeights(LinearHead linear, int index, int channels) =>
        linear.Weights.AsSpan(index * channels, channels);
}
