using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>What is known of a tensor that is computed from the image, without running the network.</summary>
/// <param name="Depth">Nodes on the longest way from the input.</param>
/// <param name="Layout">Where its channels stand, if it is a map.</param>
/// <param name="CertainlyNotSpatial">It holds one value for a channel, not a map.</param>
/// <param name="Learned">Something with weights stands before it: it is more than the image in another form.</param>
/// <param name="Quantization">How to read it if it holds integers.</param>
internal sealed record TensorFacts(int Depth, TensorLayout Layout, bool CertainlyNotSpatial, bool Learned, Quantization? Quantization);

/// <summary>Follows the image through the network, node by node, and keeps what is known of every tensor on the way.</summary>
internal sealed class ImageFlow
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, TensorFacts> _facts = [];

    public ImageFlow(OnnxGraph graph, string input, TensorLayout layout)
    {
        _graph = graph;
        _facts.Add(input, new TensorFacts(0, layout, false, false, null));
        foreach (OnnxNode node in InOrder(input))
        {
            TensorFacts facts = FactsOf(node);
            foreach (string output in node.Outputs)
                if (output.Length > 0)
                    _facts.TryAdd(output, facts);
        }
    }

    /// <summary>What is known of a tensor; null where its values do not depend on the image.</summary>
    public TensorFacts? this[string tensor] => _facts.GetValueOrDefault(tensor);

    /// <summary>The inputs of a node that depend on the image.</summary>
    public IEnumerable<string> DataInputs(OnnxNode node) => node.Inputs.Concat(node.Captured).Where(_facts.ContainsKey);

    /// <summary>The nodes that depend on the image, each after those it reads from; nodes of a cycle are left out.</summary>
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
        TensorFacts main = inputs.Find(f => !f.CertainlyNotSpatial) ?? inputs[0];
        TensorLayout layout = LayoutOf(node, main.Layout);
        return new TensorFacts(
            inputs.Max(f => f.Depth) + 1,
            layout,
            IsCertainlyNotSpatial(node, layout, inputs.TrueForAll(f => f.CertainlyNotSpatial)),
            inputs.Exists(f => f.Learned) || Operators.IsConvolution(node) || Operators.IsGemm(node) || Operators.IsMatMul(node) || node.Domain is not ("" or OnnxDomain.Microsoft),
            Quantization.OfOutput(node, inputs[0].Quantization));
    }

    private static TensorLayout LayoutOf(OnnxNode node, TensorLayout before)
    {
        if (node.OpType.StartsWith("Nhwc", StringComparison.Ordinal) || node.Int("channels_last", 0) == 1)
            return TensorLayout.Nhwc;
        if (Operators.IsConvolution(node) || Operators.IsPool(node) || Operators.IsChannelsFirst(node))
            return TensorLayout.Nchw;
        return node.OpType == "Transpose" ? AfterTranspose(node.Attribute("perm")?.Ints ?? [], before) : before;
    }

    /// <summary>Channels that stood second and now stand last, or the other way round; [0, 2, 1] of a list of places as well as [0, 2, 3, 1] of a map.</summary>
    private static TensorLayout AfterTranspose(IReadOnlyList<long> perm, TensorLayout before) => perm switch
    {
        [0, .., 1] when before == TensorLayout.Nchw && perm.Count > 2 => TensorLayout.Nhwc,
        [0, var second, ..] when before == TensorLayout.Nhwc && second == perm.Count - 1 => TensorLayout.Nchw,
        _ => before,
    };

    private bool IsCertainlyNotSpatial(OnnxNode node, TensorLayout layout, bool inputsAreNot)
    {
        if (Operators.IsGemm(node) || Operators.IsGlobalPool(node) || node.OpType == "Flatten")
            return true;
        if (Operators.IsReduction(node))
            return inputsAreNot || ReducesPlaces(node, layout);
        if (node.OpType == "Reshape")
            return Constants.Integers(_graph, node.Input(1)) switch
            {
                { Count: < 4 } => true,
                [_, _, 1, 1] or [_, 1, 1, _] => inputsAreNot,
                _ => false,
            };
        return inputsAreNot && !Operators.MayExpand(node);
    }

    private bool ReducesPlaces(OnnxNode node, TensorLayout layout)
    {
        IReadOnlyList<long>? axes = node.Attribute("axes")?.Ints ?? (node.Input(1) is { } second ? Constants.Integers(_graph, second) : []);
        if (axes is null)
            return false;
        if (axes.Count == 0)
            return node.Int("noop_with_empty_axes", 0) == 0;
        (long rows, long columns) = layout == TensorLayout.Nchw ? (2, 3) : (1, 2);
        return axes.Any(a => a == rows || a + 4 == rows) && axes.Any(a => a == columns || a + 4 == columns);
    }
}
