namespace ScoreCam.Methods;

/// <summary>
/// A method of gradients by the picture itself. Derive from this class for a method of your own: it supplies its
/// formula, from the gradients to one raw map of the input's size for each target. Everything around the formula is
/// done here, as in <see cref="LayerExplainer"/>. In the normalised map, the value at the 99th percentile of the
/// magnitudes is 1, because a few large values would leave all others nearly black; the raw map is untouched.
/// Thread-safe if the formula is.
/// </summary>
/// <example>
/// Gradient × input:
/// <code>
/// public sealed class GradientTimesInput(ImageModel model) : InputExplainer(model, new() { Signed = true })
/// {
///     public override string Name => "Gradient × input";
///
///     protected override IReadOnlyList&lt;RawMap&gt; Compute(InputContext picture)
///     {
///         float[][] gradients = picture.Gradients();
///         return picture.ForEachTarget(t =>
///         {
///             TensorPrimitives.Multiply(gradients[t], picture.Image.Tensor, gradients[t]);
///             return picture.SumOverColors(gradients[t]);
///         });
///     }
/// }
/// </code>
/// </example>
public abstract class InputExplainer : MethodExplainer
{
    /// <summary>Explains a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Signed maps and flips; null takes the defaults.</param>
    protected InputExplainer(ImageModel model, MethodOptions? options)
        : base(model, options ?? new())
    {
    }

    private protected override MapRule MapRule => MapRule.DivideByPercentile;

    /// <summary>The formula: one raw map for each target, in their order. Called once per view.</summary>
    /// <param name="picture">The picture, the targets, and their gradients.</param>
    protected abstract IReadOnlyList<RawMap> Compute(InputContext picture);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) =>
        Compute(new InputContext(context));
}
