using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Export;

/// <summary>What the nodes of a saliency map need to know of the network.</summary>
/// <param name="Logits">The tensor of logits.</param>
/// <param name="Values">Logits per picture; 1 for a yes–no question.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Tokens">Tokens of the layer, those that stand for no place included; 0 if it has none.</param>
/// <param name="Batch">Pictures of a run; −1 if their number is free.</param>
/// <param name="InputHeight">Rows of the picture.</param>
/// <param name="InputWidth">Columns of the picture.</param>
internal sealed record SaliencyFacts(
    string Logits, int Values, LayerInfo Layer, int Tokens, long Batch, int InputHeight, int InputWidth)
{
    /// <summary>Number of places, h · w.</summary>
    public int Places => Layer.Height * Layer.Width;

    public static SaliencyFacts Of(ImageModel model, LayerInfo layer)
    {
        ModelAnalysis analysis = model.Network.Analysis;
        int others = layer.PrefixTokens
            + analysis.Layers.Sites.First(site => site.Tensor == layer.Name).Shape.SuffixTokens;
        int tokens = layer.Layout == FeatureLayout.Tokens ? others + (layer.Height * layer.Width) : 0;
        return new(
            analysis.Source.Tensor, analysis.Values, layer, tokens, model.Input.Batch ?? -1, model.Input.Height!.Value,
            model.Input.Width!.Value);
    }
}
