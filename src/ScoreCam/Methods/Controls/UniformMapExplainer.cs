namespace ScoreCam.Methods.Controls;

/// <summary>A control: a map of ones for every picture and target. What a metric gives for it is what no explanation at all is worth.</summary>
public sealed class UniformMapExplainer : LayerExplainer
{
    /// <summary>"Explains" a model.</summary>
    public UniformMapExplainer(ImageModel model)
        : base(model)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Uniform map";

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        var ones = new float[run.Input.Height * run.Input.Width];
        Array.Fill(ones, 1f);
        return run.ForAll(new SaliencyMap(run.Input.Width, run.Input.Height, ones));
    }

    // Min–max would turn the ones into zeros.
    private protected override SaliencyMap Normalize(SaliencyMap raw, int height, int width, out bool isFlat)
    {
        isFlat = false;
        return raw;
    }
}
