using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// The names of the tensors that convert an integer tensor to real numbers: (q − zero point) · scale.
/// </summary>
/// <param name="Scale">The tensor of the scale.</param>
/// <param name="ZeroPoint">The tensor of the zero point; null if it is zero.</param>
internal sealed record Quantization(string Scale, string? ZeroPoint)
{
    /// <summary>Returns how the output of a node is quantized; null if it contains real numbers.</summary>
    /// <param name="node">A node.</param>
    /// <param name="ofInput">How the node's data input is quantized.</param>
    public static Quantization? OfOutput(OnnxNode node, Quantization? ofInput) => node.OpType switch
    {
        "QuantizeLinear" => At(node, 1),
        "QLinearConv" or "QLinearMatMul" or "QLinearAdd" or "QLinearMul" => At(node, 6),
        "QLinearGlobalAveragePool" or "QLinearAveragePool" or "QLinearReduceMean" => At(node, 3),
        "QLinearLeakyRelu" or "QLinearSigmoid" or "QLinearSoftmax" => At(node, 3),
        "QLinearConcat" => At(node, 0),
        "QLinearWhere" => At(node, 7),
        // Without an output scale, QGemm returns floats.
        "QGemm" => At(node, 7),
        _ => Operators.KeepsQuantization(node) ? ofInput : null,
    };

    /// <summary>Returns how a tensor is quantized, found by walking back to its origin.</summary>
    public static Quantization? Of(OnnxGraph graph, string tensor)
    {
        var seen = new HashSet<OnnxNode>();
        string? current = tensor;
        while (current is not null && graph.Producer(current) is { } node && seen.Add(node))
        {
            if (!Operators.KeepsQuantization(node))
                return OfOutput(node, null);
            current = node.Input(0);
        }
        return null;
    }

    private static Quantization? At(OnnxNode node, int scale) =>
        node.Input(scale) is { } name ? new Quantization(name, node.Input(scale + 1)) : null;
}
