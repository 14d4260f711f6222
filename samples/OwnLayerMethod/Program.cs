// A method of your own that reads layers supplies its formula. The library does the rest: forward passes, targets,
// several layers, flips, signed maps, normalisation, warnings.
using ScoreCam;
using ScoreCam.ImageSharp;
using ScoreCam.Methods;
using SixLabors.ImageSharp;

using var model = ImageModel.Load("models/squeezenet1.1");
RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/chelsea.png");
Explanation why = new SoloCam(model, new() { FlipAveraging = true }).Explain(photo);
why.Overlay().ToImageSharp().SaveAsPng("why-own-layer.png");
Console.WriteLine(why);

/// <summary>The weight of a channel is the score when all other channels of the layer are zero.</summary>
internal sealed class SoloCam(ImageModel model, LayerOptions? options = null) : LayerExplainer(model, options)
{
    public override string Name => "Solo-CAM";

    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        (int channels, int places) = (layer.Activations.Channels, layer.Layer.Height * layer.Layer.Width);
        // Only the part of the network after the layer runs. The last score is that of no channel at all.
        float[][] scores = layer.ScoreActivations(channels + 1, KeepOne, ScoredValue.Logit);
        return layer.ForEachTarget(t => layer.WeightedSum([.. scores[t].SkipLast(1).Select(s => s - scores[t][^1])]));

        void KeepOne(int k, Span<float> activations)
        {
            activations[..(k * places)].Clear();
            if (k < channels)
                activations[((k + 1) * places)..].Clear();
        }
    }
}
