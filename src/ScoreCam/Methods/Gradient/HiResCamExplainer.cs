using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// HiResCAM (Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
/// networks", 2020): L = ReLU(Σ_k g_k ⊙ A_k). If the classifier is pooling followed by one linear layer, the raw map
/// sums to the logit minus the bias. It takes one forward pass, and the backward pass after the layer.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new HiResCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class HiResCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public HiResCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "HiResCAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => Sum(layer.Activations, layer.Gradients[t]));

    private static RawMap Sum(ActivationMaps activations, ActivationMaps gradients)
    {
        var sum = new float[activations.Height * activations.Width];
        for (int k = 0; k < activations.Channels; k++)
            TensorPrimitives.MultiplyAdd(gradients[k], activations[k], sum, sum);
        return new SaliencyMap(activations.Width, activations.Height, sum);
    }
}
