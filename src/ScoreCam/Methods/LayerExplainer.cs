namespace ScoreCam.Methods;

/// <summary>
/// The base class of methods that read layers. To write your own method, derive from this class and implement
/// <c>Compute</c>, which turns the activations of one layer into one raw map per target. The base class does everything
/// else: forward passes, targets, several layers, flip averaging, signed maps, normalisation, warnings and evidence.
/// Thread-safe if <c>Compute</c> is.
/// </summary>
/// <example>
/// A map of the mean activation:
/// <code>
/// public sealed class MeanActivation(ImageModel model, LayerOptions? options = null) : LayerExplainer(model, options)
/// {
///     public override string Name => "Mean activation";
///
///     protected override IReadOnlyList&lt;RawMap&gt; Compute(LayerContext layer)
///     {
///         float[] weights = new float[layer.Activations.Channels];
///         Array.Fill(weights, 1f / weights.Length);
///         return layer.ForAllTargets(layer.WeightedSum(weights));
///     }
/// }
/// </code>
/// </example>
public abstract class LayerExplainer : MethodExplainer
{
    private readonly LayerOptions _options;

    /// <summary>Creates an explainer for layers of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The layers, and how their maps are combined; null uses the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A requested layer is not in the model; the message suggests similar names. Or signed maps are combined with
    /// <see cref="LayerCombination.Product"/>.
    /// </exception>
    protected LayerExplainer(ImageModel model, LayerOptions? options)
        : base(model, options ??= new())
    {
        ArgumentNullException.ThrowIfNull(options.Layers);
        if (!Enum.IsDefined(options.Combination))
            throw new ArgumentOutOfRangeException(
                nameof(LayerOptions.Combination), options.Combination, "Expected Mean, Maximum or Product.");
        if (options is { Combination: LayerCombination.Product, Signed: true })
            throw new ArgumentException(
                "The product of signed maps has no meaning: two negative values give a positive one. Choose "
                + "LayerCombination.Mean or Maximum, or unsigned maps.");
        _options = options;
        LayerTensors = options.Layers is []
            ? [model.DefaultLayer.Name]
            : [.. options.Layers.Select(model.Network.Layers.Find)];
    }

    private protected sealed override IReadOnlyList<string> LayerTensors { get; }

    private protected sealed override LayerCombination Combination => _options.Combination;

    /// <summary>Computes one raw map per target, in the order of the targets. Called once per layer and view.</summary>
    /// <param name="layer">
    /// The layer's activations on the picture, the targets, and ways to score changed activations.
    /// </param>
    protected abstract IReadOnlyList<RawMap> Compute(LayerContext layer);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) =>
        Compute((LayerContext)context);
}
