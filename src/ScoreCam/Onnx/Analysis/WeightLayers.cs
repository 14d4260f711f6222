using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>A layer with float weights in the model's bytes.</summary>
/// <param name="Node">The Conv, Gemm or MatMul.</param>
/// <param name="Weights">Its weights.</param>
internal sealed record WeightLayer(OnnxNode Node, OnnxInitializer Weights);

/// <summary>Finds the layers whose weights can be drawn anew.</summary>
internal static class WeightLayers
{
    private const int MostSteps = 4;

    /// <summary>Conv, Gemm and MatMul on the way to the scores whose weights are floats inside of the model, in graph order; weights that several share appear once.</summary>
    public static IReadOnlyList<WeightLayer> Find(OnnxGraph graph, string scores)
    {
        HashSet<string> ancestors = graph.Ancestors(scores);
        HashSet<int> seen = [];
        List<WeightLayer> layers = [];
        foreach (OnnxNode node in graph.Nodes)
            if (node.OpType is "Conv" or "Gemm" or "MatMul" or "FusedConv" or "ConvTranspose" && node.Outputs.Any(ancestors.Contains)
                && Stored(graph, Operators.Weights(node)) is { } weights && FloatTensor.IsReadable(weights) && seen.Add(weights.Range.Start))
                layers.Add(new(node, weights));
        return layers;
    }

    /// <summary>The constant behind a tensor, through what only moves its values.</summary>
    private static OnnxInitializer? Stored(OnnxGraph graph, string? tensor)
    {
        for (int step = 0; tensor is not null && step < MostSteps; step++)
        {
            if (graph.Initializer(tensor) is { } initializer)
                return initializer;
            OnnxNode? node = graph.Producer(tensor);
            if (node is { OpType: "Constant", Domain: "" })
                return node.Attribute("value")?.Tensor;
            tensor = node is not null && Operators.IsShapeOnly(node) ? node.Input(0) : null;
        }
        return null;
    }
}
