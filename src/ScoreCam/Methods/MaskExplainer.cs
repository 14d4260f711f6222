using ScoreCam.Images;

namespace ScoreCam.Methods;

/// <summary>
/// The base class of methods that mask the picture and read no layer. To write your own method, derive from this class
/// and implement <c>Compute</c>, which writes the masks and turns their scores into one raw map per target. The base
/// class does everything else: the forward pass, targets, the mask fill, flip averaging, signed maps, normalisation and
/// warnings. Thread-safe if <c>Compute</c> is.
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
    /// <summary>Creates an explainer for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The mask fill, signed maps and flip averaging; null uses the defaults.</param>
    protected MaskExplainer(ImageModel model, MaskOptions? options)
        : base(model, options ??= new())
    {
        ArgumentNullException.ThrowIfNull(options.MaskFill);
        MaskFill = options.MaskFill;
    }

    /// <inheritdoc/>
    protected sealed override MaskFill MaskFill { get; }

    /// <summary>Computes one raw map per target, in the order of the targets. Called once per view.</summary>
    /// <param name="picture">The picture, the targets, and ways to score masks.</param>
    protected abstract IReadOnlyList<RawMap> Compute(MethodContext picture);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) => Compute(context);
}
