namespace ScoreCam.Methods.Gradient;

/// <summary>
/// Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV
/// 2017). The weight of a channel is the mean of the target's gradient with respect to its activation map, w_k =
/// mean(dS/dA_k), and L = ReLU(Σ w_k A_k). It takes one forward pass, and one gradient of the part of the network after
/// the layer per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GradCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class GradCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public GradCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Grad-CAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => layer.WeightedSum(layer.Gradients[t].Means()));
}
