namespace ScoreCam.Methods.Controls;

/// <summary>
/// A control: a Gaussian at the centre of the input, for every picture and target. Photographers often place their
/// subject at the centre, so this control is hard to beat in localisation. The map depends neither on the picture nor
/// on the network.
/// </summary>
public sealed class CenterGaussianExplainer : MethodExplainer
{
    private readonly double _sigma;

    /// <summary>Creates the control for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sigma">
    /// The standard deviation, as a fraction of the height and of the width of the input; above 0 and at most 10.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is out of range.</exception>
    public CenterGaussianExplainer(ImageModel model, double sigma = 0.25)
        : base(model, new())
    {
        if (sigma is not (> 0 and <= 10))
            throw new ArgumentOutOfRangeException(
                nameof(sigma), sigma, "Expected a share of the input's height and width: above 0, at most 10.");
        _sigma = sigma;
    }

    /// <inheritdoc/>
    public override string Name => "Center Gaussian";

    // Min–max would set the border to 0, but the Gaussian is above 0 there.
    private protected override MapRule MapRule => MapRule.UpsampleThenDivide;

    private protected override IReadOnlyList<RawMap> RawMaps(MethodContext context)
    {
        double[] rows = Profile(context.Height), columns = Profile(context.Width);
        var values = new float[context.Height * context.Width];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(rows[i / context.Width] * columns[i % context.Width]);
        return context.ForAllTargets(new SaliencyMap(context.Width, context.Height, values));
    }

    private double[] Profile(int length)
    {
        double center = (length - 1) / 2.0, sigma = _sigma * length;
        return [.. Enumerable.Range(0, length).Select(i => Math.Exp(-Math.Pow((i - center) / sigma, 2) / 2))];
    }
}
