using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// A classifier that is global average pooling and one linear layer: logit_c = Σ_k w_ck · mean(A_k) + b_c.
/// </summary>
/// <param name="Weights">Classes × channels, row-major.</param>
/// <param name="Bias">One value per class.</param>
internal sealed record LinearHead(float[] Weights, float[] Bias);

/// <summary>Recognises such a classifier by walking back from the scores to the layer.</summary>
internal sealed class LinearHeadFinder(ReadOnlyMemory<byte> model, OnnxGraph graph)
{
    /// <exception cref="UnsupportedModelException">
    /// Another operator is between the layer and the scores. The message names it.
    /// </exception>
    public LinearHead Find(LayerInfo layer, TensorLayout layout, ScoreSource source)
    {
        float[]? weights = null, bias = null;
        bool pooled = false;
        string? current = source.Tensor;
        // In a damaged graph, the path can be a cycle.
        for (int steps = 0; current != layer.Name; steps++)
        {
            if (current is null || steps > graph.Nodes.Count || graph.Producer(current) is not { } node)
                throw Refusal(layer, "the layer is not on the way to the scores");
            if (Operators.IsShapeOnly(node))
            {
                current = node.Input(0);
            }
            else if (!pooled && IsGlobalMean(node, layer, layout))
            {
                pooled = true;
                current = node.Input(0);
            }
            else if (weights is null && bias is null && AddendOf(node) is { } addend)
            {
                bias = FloatTensor.Read(model.Span, addend.Tensor);
                current = node.Inputs[1 - addend.Index];
            }
            else if (weights is null && Operators.Weights(node) is { } name && graph.Constant(name) is { } stored)
            {
                bool rowsAreClasses = node.OpType switch
                {
                    "Conv" => stored.Dims is [_, _, 1, 1] && node.Int("group", 1) == 1
                        ? true
                        : throw Refusal(layer, node),
                    "Gemm" => node.Int("transA", 0) == 0 ? node.Int("transB", 0) == 1 : throw Refusal(layer, node),
                    "MatMul" => false,
                    _ => throw Refusal(layer, node),
                };
                weights = Scaled(Rows(stored, rowsAreClasses, layer, node), node.Attribute("alpha")?.Float);
                if (node.Input(2) is { } biasName)
                {
                    OnnxInitializer addends = graph.Constant(biasName) ?? throw Refusal(layer, node);
                    bias = Scaled(FloatTensor.Read(model.Span, addends), node.Attribute("beta")?.Float);
                }
                current = node.Input(0);
            }
            else
            {
                throw Refusal(layer, node);
            }
        }
        if (weights is null || !pooled)
            throw Refusal(layer, weights is null ? "there is no linear layer" : "there is no global average pooling");
        int classes = weights.Length / layer.Channels;
        bias ??= new float[classes];
        if (bias.Length != 1 && bias.Length != classes)
            throw Refusal(layer, $"the bias has {bias.Length} values for {classes} classes");
        return new(weights, bias.Length == 1 ? [.. Enumerable.Repeat(bias[0], classes)] : bias);
    }

    private static bool IsGlobalMean(OnnxNode node, LayerInfo layer, TensorLayout layout) => node.OpType switch
    {
        "GlobalAveragePool" => layout == TensorLayout.Nchw,
        "AveragePool" => node.Ints("kernel_shape") is [var h, var w] && (h, w) == (layer.Height, layer.Width)
            && (node.Ints("pads") ?? []).All(pad => pad == 0),
        // The number of weights shows that the reduction is over positions and not over channels, and the scores are
        // checked against the weights.
        "ReduceMean" => true,
        _ => false,
    };

    /// <summary>
    /// Returns the constant that a node adds, and its position among the inputs; null if the node adds none.
    /// </summary>
    private (OnnxInitializer Tensor, int Index)? AddendOf(OnnxNode node)
    {
        if (node is not { OpType: "Add", Inputs.Count: 2 })
            return null;
        for (int i = 0; i < node.Inputs.Count; i++)
            if (graph.Constant(node.Inputs[i]) is { } tensor)
                return (tensor, i);
        return null;
    }

    private float[] Rows(OnnxInitializer stored, bool rowsAreClasses, LayerInfo layer, OnnxNode node)
    {
        float[] values = FloatTensor.Read(model.Span, stored);
        int channels = layer.Channels;
        if (stored.Dims.Count < 2 || stored.Dims[rowsAreClasses ? 1 : 0] != channels)
            throw Refusal(
                layer,
                $"'{node}' has weights [{string.Join(", ", stored.Dims)}], not one for each of the {channels} "
                + "channels");
        if (rowsAreClasses)
            return values;
        int classes = values.Length / channels;
        var rows = new float[values.Length];
        for (int k = 0; k < channels; k++)
            for (int c = 0; c < classes; c++)
                rows[(c * channels) + k] = values[(k * classes) + c];
        return rows;
    }

    private static float[] Scaled(float[] values, float? factor) =>
        factor is { } f && f != 1 ? Array.ConvertAll(values, v => v * f) : values;

    private static UnsupportedModelException Refusal(LayerInfo layer, OnnxNode node) =>
        Refusal(layer, $"'{node}' is between them");

    private static UnsupportedModelException Refusal(LayerInfo layer, string why) => new(
        "CAM needs a classifier that is global average pooling and one linear layer of float weights right after the "
        + $"layer '{layer.Name}', but {why}. Score-CAM, Ablation-CAM or Recipro-CAM explain other networks.");
}
