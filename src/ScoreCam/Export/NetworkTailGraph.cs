using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Export;

/// <summary>
/// The nodes of a network from a layer to the logits. They can be appended again to compute logits of changed
/// activations.
/// </summary>
internal sealed class NetworkTailGraph
{
    private readonly OnnxGraph _graph;
    private readonly string _layer, _logits;
    private readonly List<OnnxNode> _nodes;
    private readonly IReadOnlyList<string> _bypasses;

    /// <exception cref="UnsupportedModelException">
    /// A node is quantized, or its subgraph reads a tensor that would be computed again.
    /// </exception>
    public NetworkTailGraph(OnnxGraph graph, string layer, string logits)
    {
        (_graph, _layer, _logits) = (graph, layer, logits);
        _bypasses = ModelSlice.Bypasses(graph, layer, logits);
        HashSet<string> before = [logits];
        var open = new Stack<string>(before);
        while (open.TryPop(out string? tensor))
            if (graph.Producer(tensor) is { } node)
                foreach (string name in node.Inputs.Concat(node.Captured))
                    if (name.Length > 0 && name != layer && !_bypasses.Contains(name) && before.Add(name))
                        open.Push(name);
        HashSet<string> after = graph.Descendants([layer, .. _bypasses], _ => false);
        _nodes =
        [
            .. graph.Ordered().Where(node =>
                node.Outputs.Any(name => before.Contains(name) && after.Contains(name))),
        ];
        // A quantized value can round to the next step, and the map would then differ from the library's.
        if (_nodes.Find(node => GradientRules.IsQuantized(node) && node.OpType != "DequantizeLinear") is { } quantized)
            throw SelfExplainingModel.Refusal(
                $"it is quantized ({quantized.OpType}); use the float network that it was made from");
        if (_nodes.Find(node => node.Captured.Any(after.Contains)) is { } inner)
            throw SelfExplainingModel.Refusal($"'{inner}' has a subgraph that reads the changed activations");
    }

    /// <summary>Appends the nodes once more, and returns the name of their logits.</summary>
    /// <param name="model">The model to append to.</param>
    /// <param name="batch">The changed activations, in the layout of the layer.</param>
    /// <param name="repeat">
    /// Repeats a tensor that bypasses the layer, so that each of the changed activations gets the tensor of its
    /// picture.
    /// </param>
    public string Append(EditableModel model, string batch, Func<string, string> repeat)
    {
        Dictionary<string, string> renamed = new() { [_layer] = batch };
        foreach (string bypass in _bypasses)
            renamed[bypass] = repeat(bypass);
        foreach (OnnxNode node in _nodes)
        {
            foreach (string output in node.Outputs.Where(name => name.Length > 0))
                renamed[output] = model.FreeName($"saliency:{output}");
            string[] inputs = [.. node.Inputs.Select(Renamed)];
            if (BatchOfOne(node) is { } shape)
                inputs[1] = model.AddConstant("saliency:shape", shape);
            model.Nodes.Add(node.With(
                inputs: inputs, outputs: [.. node.Outputs.Select(Renamed)], name: renamed[node.Outputs[0]]));
        }
        return renamed[_logits];

        string Renamed(string name) => renamed.GetValueOrDefault(name, name);
    }

    /// <summary>
    /// Returns the shape for a Reshape to one picture, which exporters write for a fixed batch size. The shape has the
    /// batch size of the node's input.
    /// </summary>
    private long[]? BatchOfOne(OnnxNode node) =>
        node is { OpType: "Reshape", Inputs.Count: 2 } && node.Int("allowzero", 0) == 0
            && _graph.Constant(node.Inputs[1])?.Integers is [1, _, ..] shape ? [0, .. shape.Skip(1)] : null;
}
