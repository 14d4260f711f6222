namespace ScoreCam.Methods;

/// <summary>
/// The base class of methods that use gradients with respect to the picture. To write your own method, derive from this
/// class and implement <c>Compute</c>, which turns the gradients into one raw map of the input's size per target. The
/// base class does everything else, as in <see cref="LayerExplainer"/>. In the normalised map, the 99th percentile of
/// the magnitudes becomes 1, because a few large values would otherwise leave the rest nearly black. The raw map is not
/// changed. Thread-safe if <c>Compute</c> is.
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
    /// <summary>Creates an explainer for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Signed maps and flip averaging; null uses the defaults.</param>
    protected InputExplainer(ImageModel model, MethodOptions? options)
        : base(model, options ?? new())
    {
    }

    private protected override MapRule MapRule => MapRule.DivideByPercentile;

    /// <summary>Computes one raw map per target, in the order of the targets. Called once per view.</summary>
    /// <param name="picture">The picture, the targets, and their gradients.</param>
    protected abstract IReadOnlyList<RawMap> Compute(InputContext picture);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) =>
        Compute(new InputContext(context));
}
