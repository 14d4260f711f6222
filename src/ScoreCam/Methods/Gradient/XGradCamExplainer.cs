using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// XGrad-CAM (Fu et al., "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs", BMVC 2020).
/// The weight of a channel is the mean of its gradient, weighted by its activations: w_k = Σ_ij g_k A_k / Σ_ij A_k, or
/// 0 if Σ A_k is 0. L = ReLU(Σ w_k A_k). It takes one forward pass, and the backward pass after the layer.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new XGradCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class XGradCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public XGradCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "XGrad-CAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => layer.WeightedSum(Weights(layer.Activations, layer.Gradients[t])));

    private static float[] Weights(ActivationMaps activations, ActivationMaps gradients)
    {
        var weights = new float[activations.Channels];
        for (int k = 0; k < weights.Length; k++)
        {
            double sum = TensorPrimitives.Sum(activations[k]);
            weights[k] = sum == 0 ? 0 : (float)(TensorPrimitives.Dot(gradients[k], activations[k]) / sum);
        }
        return weights;
    }
}
