namespace ScoreCam.Methods.Gradient;

/// <summary>
/// Guided backpropagation (Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015
/// workshop). The gradient passes a Relu, or a Clip with a lower bound of 0, only where both the operator's input and
/// the gradient are positive. Each pixel is the largest magnitude over the colour channels. The map shows fine
/// structures, but it depends little on the target. It takes one gradient of the whole network per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GuidedBackpropagationExplainer(model).Explain(picture);
/// </code>
/// </example>
/// <remarks>A network without Relu is rejected, because the map would equal the plain gradient.</remarks>
public sealed class GuidedBackpropagationExplainer : InputExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    public GuidedBackpropagationExplainer(ImageModel model, MethodOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Guided backpropagation";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        float[][] gradients = picture.Gradients(isGuided: true);
        return picture.ForEachTarget(t => picture.LargestOverColors(gradients[t]));
    }
}
