using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The facts about a tensor that is computed from the picture.</summary>
/// <param name="Depth">The number of nodes on the longest path from the input.</param>
/// <param name="Learned">
/// Whether a node with weights comes before it, so that it is more than the picture in another form.
/// </param>
/// <param name="Quantization">How to convert it to real numbers if it contains integers.</param>
internal sealed record TensorFacts(int Depth, bool Learned, Quantization? Quantization);

/// <summary>
/// Follows the picture through the network, node by node, and stores the facts about every tensor on the way. It needs
/// no shapes. <see cref="AxisTracer"/> adds the meaning of the axes.
/// </summary>
internal sealed class ImageFlow
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, TensorFacts> _facts = [];

    public ImageFlow(OnnxGraph graph, string input)
    {
        _graph = graph;
        Nodes = InOrder(input);
        _facts.Add(input, new TensorFacts(0, false, null));
        foreach (OnnxNode node in Nodes)
        {
            TensorFacts facts = FactsOf(node);
            foreach (string output in node.Outputs)
                if (output.Length > 0)
                    _facts.TryAdd(output, facts);
        }
    }

    /// <summary>
    /// The nodes that depend on the picture, each one after the nodes that it reads from. Nodes of a cycle are
    /// excluded.
    /// </summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>The facts about a tensor; null if its values do not depend on the picture.</summary>
    public TensorFacts? this[string tensor] => _facts.GetValueOrDefault(tensor);

    /// <summary>The inputs of a node that depend on the picture.</summary>
    public IEnumerable<string> DataInputs(OnnxNode node) => node.Inputs.Concat(node.Captured).Where(_facts.ContainsKey);

    private List<OnnxNode> InOrder(string input)
    {
        HashSet<OnnxNode> reached = [];
        var open = new Queue<string>([input]);
        while (open.TryDequeue(out string? tensor))
            foreach (OnnxNode node in _graph.Consumers(tensor))
                if (!Operators.ReadsShapeOnly(node) && reached.Add(node))
                    foreach (string output in node.Outputs)
                        open.Enqueue(output);

        Dictionary<OnnxNode, int> waiting = [];
        foreach (OnnxNode node in reached)
            waiting[node] = Sources(node).Count(reached.Contains);
        var ready = new Queue<OnnxNode>(reached.Where(n => waiting[n] == 0));
        List<OnnxNode> order = [];
        while (ready.TryDequeue(out OnnxNode? node))
        {
            order.Add(node);
            foreach (OnnxNode next in node.Outputs.SelectMany(_graph.Consumers).Distinct())
                if (waiting.TryGetValue(next, out int left) && (waiting[next] = left - 1) == 0)
                    ready.Enqueue(next);
        }
        return order;
    }

    private IEnumerable<OnnxNode> Sources(OnnxNode node) =>
        node.Inputs.Concat(node.Captured).Select(_graph.Producer).OfType<OnnxNode>().Distinct();

    private TensorFacts FactsOf(OnnxNode node)
    {
        List<TensorFacts> inputs = [.. DataInputs(node).Select(i => _facts[i])];
        bool hasWeights = Operators.IsConvolution(node) || Operators.IsGemm(node) || Operators.IsMatMul(node)
            || node.Domain is not ("" or OnnxDomain.Microsoft);
        return new TensorFacts(
            inputs.Max(f => f.Depth) + 1,
            hasWeights || inputs.Exists(f => f.Learned),
            Quantization.OfOutput(node, inputs[0].Quantization));
    }
}
