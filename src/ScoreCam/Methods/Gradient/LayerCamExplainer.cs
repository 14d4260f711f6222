using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>Options of LayerCAM.</summary>
public sealed record LayerCamOptions : LayerOptions
{
    /// <summary>
    /// Whether to scale the map of each layer by tanh(2 L / max L). The paper does this before it combines early and
    /// late layers. Use it with several <see cref="LayerOptions.Layers"/> and <see cref="LayerCombination.Maximum"/>.
    /// The default is false.
    /// </summary>
    public bool Scale { get; init; }
}

/// <summary>
/// LayerCAM (Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization", IEEE TIP 2021).
/// Each position has its own weight, its positive gradient: L = ReLU(Σ_k ReLU(g_k) ⊙ A_k). The method also works on
/// early layers. It takes one forward pass, and the backward pass after the layer.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new LayerCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class LayerCamExplainer : LayerExplainer
{
    private readonly bool _scale;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public LayerCamExplainer(ImageModel model, LayerCamOptions? options = null)
        : base(model, options) => _scale = options is { Scale: true };

    /// <inheritdoc/>
    public override string Name => "LayerCAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => Sum(layer.Activations, layer.Gradients[t]));

    private RawMap Sum(ActivationMaps activations, ActivationMaps gradients)
    {
        int positions = activations.Height * activations.Width;
        float[] sum = new float[positions], positive = new float[positions];
        for (int k = 0; k < activations.Channels; k++)
        {
            TensorPrimitives.Max(gradients[k], 0, positive);
            TensorPrimitives.MultiplyAdd(positive, activations[k], sum, sum);
        }
        float largest = TensorPrimitives.Max<float>(sum);
        if (_scale && largest > 0)
        {
            TensorPrimitives.Multiply(sum, 2 / largest, sum);
            TensorPrimitives.Tanh(sum, sum);
        }
        return new SaliencyMap(activations.Width, activations.Height, sum);
    }
}
