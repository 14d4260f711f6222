namespace ScoreCam.Methods.Controls;

/// <summary>
/// A control: the mean of the activation maps of a layer, after a ReLU and divided by its maximum. It shows what the
/// layer responds to, regardless of the target. The advantage of a method over this control is the value of its channel
/// weights.
/// </summary>
public sealed class MeanActivationExplainer : LayerExplainer
{
    /// <summary>Creates the control for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The layers; null uses the defaults.</param>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public MeanActivationExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Mean activation";

    private protected override MapRule MapRule => MapRule.UpsampleThenDivide;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        var weights = new float[layer.Activations.Channels];
        Array.Fill(weights, 1f / weights.Length);
        return layer.ForAllTargets(layer.WeightedSum(weights));
    }
}
