namespace ScoreCam.Methods.Controls;

/// <summary>
/// A control: a map of ones for every picture and target. Its metric values are what a method without any information
/// reaches.
/// </summary>
public sealed class UniformMapExplainer : MethodExplainer
{
    /// <summary>Creates the control for a model.</summary>
    public UniformMapExplainer(ImageModel model)
        : base(model, new())
    {
    }

    /// <inheritdoc/>
    public override string Name => "Uniform map";

    // Min–max would turn the ones into zeros.
    private protected override MapRule MapRule => MapRule.UpsampleOnly;

    private protected override IReadOnlyList<RawMap> RawMaps(MethodContext context)
    {
        var ones = new float[context.Height * context.Width];
        Array.Fill(ones, 1f);
        return context.ForAllTargets(new SaliencyMap(context.Width, context.Height, ones));
    }
}
