namespace ScoreCam.Methods.Gradient;

/// <summary>
/// The plain gradient (Simonyan et al., "Deep Inside Convolutional Networks: Visualising Image Classification Models
/// and Saliency Maps", 2013). Each pixel is the largest magnitude of dS/dX over the colour channels. It takes one
/// gradient of the whole network per target, and it needs no layer.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GradientExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class GradientExplainer : InputExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    public GradientExplainer(ImageModel model, MethodOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Gradient";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        float[][] gradients = picture.Gradients();
        return picture.ForEachTarget(t => picture.LargestOverColors(gradients[t]));
    }
}
