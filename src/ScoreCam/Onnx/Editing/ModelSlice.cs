using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// Extracts the part of a network after a layer. The layer and the tensors that bypass it become inputs.
/// </summary>
internal static class ModelSlice
{
    /// <summary>
    /// Returns the name of the slice's input. A quantized layer is computed inside the slice, from an input with
    /// another name.
    /// </summary>
    public static string InputOf(string layer, bool isQuantized) => isQuantized ? $"{layer}:slice" : layer;

    /// <summary>
    /// Returns the tensors through which the picture bypasses a layer on the way to the scores, for example the sum
    /// that a skip connection passes on. Only the last such tensors are returned; the part after the layer is computed
    /// from them and the layer.
    /// </summary>
    public static IReadOnlyList<string> Bypasses(OnnxGraph graph, string layer, params IEnumerable<string> scores)
    {
        string[] inputs = [.. graph.Inputs.Select(input => input.Name)];
        HashSet<string> fromPicture = [.. inputs, .. graph.Dependents(inputs)];
        HashSet<string> fromLayer = graph.Dependents(layer);
        List<string> bypasses = [];
        HashSet<string> seen = [layer, .. scores];
        var open = new Stack<string>(seen);
        while (open.TryPop(out string? tensor))
        {
            if (tensor == layer)
                continue;
            if (fromPicture.Contains(tensor) && !fromLayer.Contains(tensor))
            {
                bypasses.Add(tensor);
                continue;
            }
            if (graph.Producer(tensor) is { } node)
                foreach (string name in node.Inputs.Concat(node.Captured))
                    if (name.Length > 0 && seen.Add(name))
                        open.Push(name);
        }
        bypasses.Sort(StringComparer.Ordinal);
        return bypasses;
    }

    /// <summary>Returns the model from the layer to the scores. It declares no outputs.</summary>
    /// <param name="graph">The whole network.</param>
    /// <param name="layer">The tensor to cut at.</param>
    /// <param name="input">
    /// The input of the slice. If its name differs from the layer's name, it contains the layer's real numbers.
    /// </param>
    /// <param name="quantize">The scale and zero point of a quantized layer; empty for a layer of real numbers.</param>
    /// <param name="bypasses">Additional inputs, which the slice uses directly.</param>
    /// <param name="scores">The tensors that the slice computes, and the constants that it keeps.</param>
    /// <exception cref="UnsupportedModelException">
    /// The scores also depend on the picture through a path that bypasses the layer.
    /// </exception>
    public static EditableModel After(
        OnnxGraph graph, string layer, OnnxValue input, IReadOnlyList<string> quantize,
        IReadOnlyList<OnnxValue> bypasses, params IEnumerable<string> scores)
    {
        var slice = new EditableModel(graph);
        if (slice.Prune([.. scores, .. quantize], [layer, .. bypasses.Select(value => value.Name)]).Count > 0)
            throw new UnsupportedModelException(
                $"The network cannot be cut at the layer '{layer}': its scores also depend on the picture through a "
                + "path around that layer (a skip connection or a branch). Choose a layer nearer to the scores.");
        slice.Outputs.Clear();
        slice.ValueInfo.Clear();
        foreach (OnnxValue value in bypasses)
            slice.AddInput(value);
        slice.AddInput(input);
        string[] inputs = [input.Name, .. quantize];
        if (quantize.Count > 0)
            slice.Nodes.Insert(0, new() { OpType = "QuantizeLinear", Inputs = inputs, Outputs = [layer] });
        return slice;
    }
}
