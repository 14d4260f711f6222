namespace ScoreCam.Methods;

/// <summary>
/// A method that reads layers. Derive from this class for a method of your own: it supplies its formula, from the
/// activations of one layer to one raw map for each target. Everything around the formula (forward passes, targets,
/// several layers, flips, signed maps, normalisation, warnings, evidence) is done here. Thread-safe if the formula is.
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

    /// <summary>Explains layers of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Layers, and how their maps are combined; null takes the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The model has no such layer (the message suggests near ones), or signed maps are to be multiplied.
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

    /// <summary>The formula: one raw map for each target, in their order. Called once per layer and view.</summary>
    /// <param name="layer">The layer's activations on the picture, the targets, and ways to score changes.</param>
    protected abstract IReadOnlyList<RawMap> Compute(LayerContext layer);

    private protected sealed override IReadOnlyList<RawMap> RawMaps(MethodContext context) =>
        Compute((LayerContext)context);
}
