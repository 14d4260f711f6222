using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>A layer with float weights in the model's bytes.</summary>
/// <param name="Node">The Conv, Gemm or MatMul node.</param>
/// <param name="Weights">The weights of the node.</param>
internal sealed record WeightLayer(OnnxNode Node, OnnxInitializer Weights);

/// <summary>Finds the layers whose weights can be randomised.</summary>
internal static class WeightLayers
{
    /// <summary>
    /// Returns the Conv, Gemm and MatMul nodes on the path to the scores whose weights are floats inside the model, in
    /// graph order. Weights that several nodes share are returned once.
    /// </summary>
    public static IReadOnlyList<WeightLayer> Find(OnnxGraph graph, string scores)
    {
        HashSet<string> ancestors = graph.Ancestors(scores);
        HashSet<int> seen = [];
        List<WeightLayer> layers = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            bool isLayer = node.OpType is "Conv" or "Gemm" or "MatMul" or "FusedConv" or "ConvTranspose";
            if (!isLayer || !node.Outputs.Any(ancestors.Contains))
                continue;
            OnnxInitializer? weights = Constants.Behind(graph, Operators.Weights(node));
            if (weights is not null && FloatTensor.IsReadable(weights) && seen.Add(weights.Range.Start))
                layers.Add(new(node, weights));
        }
        return layers;
    }
}
