using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing;

/// <summary>Cuts out the part of a network after a layer. The layer becomes the input.</summary>
internal static class ModelSlice
{
    /// <summary>
    /// The name of the slice's input. A quantized layer is computed in the slice, from an input with another name.
    /// </summary>
    public static string InputOf(string layer, bool isQuantized) => isQuantized ? $"{layer}:slice" : layer;

    /// <summary>The model from the layer to the scores. It declares no outputs.</summary>
    /// <param name="graph">The whole network.</param>
    /// <param name="layer">The tensor to cut at.</param>
    /// <param name="input">
    /// The input of the slice. If it has another name than the layer, it holds the layer's real numbers.
    /// </param>
    /// <param name="quantize">Scale and zero point of a quantized layer; empty for a layer of real numbers.</param>
    /// <param name="scores">The tensors that the slice computes, and constants that it keeps.</param>
    /// <exception cref="UnsupportedModelException">
    /// The scores also depend on the picture by a way around the layer.
    /// </exception>
    public static EditableModel After(
        OnnxGraph graph, string layer, OnnxValue input, IReadOnlyList<string> quantize,
        params IEnumerable<string> scores)
    {
        var slice = new EditableModel(graph);
        if (slice.Prune([.. scores, .. quantize], layer).Count > 0)
            throw new UnsupportedModelException(
                $"The network cannot be cut at the layer '{layer}': its scores also depend on the picture by a way "
                + "around that layer (a skip connection, or a branch). Choose a layer nearer to the scores.");
        slice.Outputs.Clear();
        slice.ValueInfo.Clear();
        slice.AddInput(input);
        string[] inputs = [input.Name, .. quantize];
        if (quantize.Count > 0)
            slice.Nodes.Insert(0, new() { OpType = "QuantizeLinear", Inputs = inputs, Outputs = [layer] });
        return slice;
    }
}
