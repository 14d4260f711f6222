using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Export;

/// <summary>The facts about the network that the nodes of a saliency map need.</summary>
/// <param name="Logits">The name of the tensor of logits.</param>
/// <param name="Values">The number of logits per picture; 1 for a yes–no question.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Tokens">
/// The number of tokens of the layer, including prefix tokens; 0 if the layer has no tokens.
/// </param>
/// <param name="Batch">The number of pictures per run; −1 if it is free.</param>
/// <param name="InputHeight">The number of rows of the picture.</param>
/// <param name="InputWidth">The number of columns of the picture.</param>
internal sealed record SaliencyFacts(
    string Logits, int Values, LayerInfo Layer, int Tokens, long Batch, int InputHeight, int InputWidth)
{
    /// <summary>The number of image positions, h · w.</summary>
    public int Positions => Layer.Height * Layer.Width;

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
