using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Determines from the graph whether scores can take any value, so that they are certainly not probabilities.
/// </summary>
internal static class ScoreBounds
{
    /// <summary>The largest number of nodes to inspect. The nodes that compute the scores are near the end.</summary>
    private const int MostNodes = 64;

    /// <summary>Whether a product or convolution computes the values, and no later node bounds them.</summary>
    public static bool AreOpen(OnnxGraph graph, string scores)
    {
        var open = new Stack<string>([scores]);
        HashSet<string> seen = [];
        while (open.TryPop(out string? tensor) && seen.Count < MostNodes)
        {
            if (!seen.Add(tensor))
                continue;
            if (graph.Producer(tensor) is not { } node)
            {
                // The picture itself. A constant does not change whether values are bounded.
                if (graph.Inputs.Any(input => input.Name == tensor))
                    return true;
                continue;
            }
            if (HasWeights(node) || IsNormalisation(node))
                return true;
            if (!KeepsOpen(graph, node))
                continue;
            foreach (string input in node.Inputs)
                if (input.Length > 0)
                    open.Push(input);
        }
        return false;
    }

    /// <summary>
    /// Returns the tensors near the scores that could be the logits of a softmax or sigmoid made of simpler operators:
    /// the tensors after the last product or convolution, nearest first.
    /// </summary>
    public static IReadOnlyList<string> Candidates(OnnxGraph graph, ImageFlow flow, string scores)
    {
        List<string> found = [];
        HashSet<string> seen = [scores];
        var open = new Queue<string>([scores]);
        while (open.TryDequeue(out string? tensor) && found.Count < MostNodes)
        {
            if (tensor != scores)
                found.Add(tensor);
            if (graph.Producer(tensor) is not { } node || (tensor != scores && EndsSearch(node)))
                continue;
            foreach (string input in flow.DataInputs(node))
                if (graph.Producer(input) is not null && seen.Add(input))
                    open.Enqueue(input);
        }
        return found;
    }

    private static bool EndsSearch(OnnxNode node) => HasWeights(node) || Operators.IsPool(node);

    private static bool HasWeights(OnnxNode node) =>
        Operators.IsGemm(node) || Operators.IsMatMul(node) || Operators.IsConvolution(node);

    private static bool IsNormalisation(OnnxNode node) =>
        node.OpType is "BatchNormalization" or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization";

    /// <summary>
    /// Whether unbounded values stay unbounded. If two inputs depend on the picture, one can bound the other.
    /// </summary>
    private static bool KeepsOpen(OnnxGraph graph, OnnxNode node) =>
        Operators.IsShapeOnly(node) || Operators.IsConversion(node) || Operators.IsPool(node)
        || node.OpType is "Relu" or "LeakyRelu" or "Slice" or "Split" or "Gather" or "Concat" or "Pad" or "Neg"
            or "ReduceMean" or "ReduceSum" or "ReduceMax" or "QLinearReduceMean" or "QLinearLeakyRelu"
        || (node.OpType is "Add" or "Sub" or "Sum" or "Mul" or "QLinearAdd" or "PRelu" && Variables(graph, node) == 1)
        || (node.OpType == "Div" && IsConstant(graph, node.Inputs[^1]));

    private static int Variables(OnnxGraph graph, OnnxNode node) =>
        node.Inputs.Count(t => t.Length > 0 && !IsConstant(graph, t));

    private static bool IsConstant(OnnxGraph graph, string tensor) =>
        graph.Initializer(tensor) is not null || graph.Producer(tensor) is { OpType: "Constant" };
}
