using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// Gradient × input (Shrikumar et al., "Not Just a Black Box: Learning Important Features Through Propagating
/// Activation Differences", 2016): the sum of X ⊙ dS/dX over the colour channels. Negative values speak against the
/// target; set <see cref="MethodOptions.Signed"/> to see them. It takes one gradient of the whole network per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GradientTimesInputExplainer(model, new() { Signed = true }).Explain(picture);
/// </code>
/// </example>
public sealed class GradientTimesInputExplainer : InputExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    public GradientTimesInputExplainer(ImageModel model, MethodOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Gradient × input";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        float[][] gradients = picture.Gradients();
        return picture.ForEachTarget(t =>
        {
            TensorPrimitives.Multiply(gradients[t], picture.Image.Tensor, gradients[t]);
            return picture.SumOverColors(gradients[t]);
        });
    }
}
