namespace ScoreCam.Cli.Explain;

/// <summary>One image explained at one layer, for every target.</summary>
internal sealed class LayerRun(ImageSource image, IReadOnlyList<Explanation> explanations)
{
    public ImageSource Image => image;

    public IReadOnlyList<Explanation> Explanations => explanations;

    /// <summary>What all targets share: the layer, its dead channels and the passes.</summary>
    public LayerEvidence Evidence => explanations[0].Layers[0];

    public TimeSpan Elapsed => explanations[0].Elapsed;

    public IEnumerable<string> Warnings => explanations.SelectMany(explanation => explanation.Warnings).Distinct();
}
