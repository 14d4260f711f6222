namespace ScoreCam.Methods.Gradient;

/// <summary>
/// Guided backpropagation (Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015
/// workshop): a gradient that passes each Relu, and each Clip from 0, only where both the input of the Relu and the
/// gradient are positive. Each pixel takes the largest magnitude over the colour channels. The map shows fine
/// structures; it depends little on the target. One gradient of the whole network for each target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GuidedBackpropagationExplainer(model).Explain(picture);
/// </code>
/// </example>
/// <remarks>A network without Relu is refused: the map would be the plain gradient.</remarks>
public sealed class GuidedBackpropagationExplainer : InputExplainer
{
    /// <summary>Explains a model.</summary>
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
