using ScoreCam.Images;

namespace ScoreCam.Methods;

/// <summary>
/// A method that masks the picture and reads no layer. Derive from this class for a method of your own: it supplies its
/// masks and how their scores become one raw map for each target. Everything around the formula (the forward pass,
/// targets, the mask fill, flips, signed maps, normalisation, warnings) is done here. Thread-safe if the formula is.
/// </summary>
/// <example>
/// The drop of the probability without each quarter of the picture:
/// <code>
/// public sealed class Quarters(ImageModel model, MaskOptions? options = null) : MaskExplainer(model, options)
/// {
///     public override string Name => "Quarters";
///
///     protected override IReadOnlyList&lt;RawMap&gt; Compute(MethodContext picture)
///     {
///         float[][] scores = picture.ScoreMasks(4, (i, mask) =>
///         {
///             for (int p = 0; p &lt; mask.Length; p++)
///                 mask[p] = Quarter(p, picture) == i ? 0 : 1;
///         }, ScoredValue.Probability);
///         return picture.ForEachTarget(t => new SaliencyMap(2, 2, [.. scores[t].Select(score => -score)]));
///     }
/// }
/// </code>
/// </example>
public abstract class MaskExplainer : MethodExplainer
{
    /// <summary>Explains a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What a masked-out pixel becomes; null takes the defaults.</param>
    protected MaskExplainer(ImageModel model, MaskOptions? options)
        : base(model, options ??= new())
    {
        ArgumentNullException.ThrowIfNull(options.MaskFill);
        MaskFill = options.MaskFill;
    }

    /// <inheritdoc/>
    protected sealed override MaskFill MaskFill { get; }

    /// <summary>The formula: one raw map for each target, in their order. Called once per view.</summary>
    /// <param name="picture">The picture, the targets, and ways to score masks.</param>
    protected abstract IReadOnlyList<RawMap> Compute(MethodContext picture);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) => Compute(context);
}
