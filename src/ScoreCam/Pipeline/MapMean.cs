using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline;

/// <summary>The mean of the normalised maps of several layers, at input resolution, normalised again.</summary>
internal static class MapMean
{
    public static (SaliencyMap Map, SaliencyMap Raw) Of(IReadOnlyList<LayerEvidence> layers, int height, int width)
    {
        var mean = new float[height * width];
        foreach (LayerEvidence layer in layers)
        {
            // One preset leaves its maps at the layer's resolution.
            SaliencyMap map = (layer.Map.Width, layer.Map.Height) == (width, height) ? layer.Map : layer.Map.Resize(width, height);
            TensorPrimitives.MultiplyAdd(map.Values, 1f / layers.Count, mean, mean);
        }
        float[] normalized = [.. mean];
        Statistics.NormalizeMinMax(normalized);
        return (new(width, height, normalized), new(width, height, mean));
    }
}
