using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Determines, on a walk back from the scores, which tokens the scores read. After the last attention, a head that uses
/// the class token reads no other token, so the tokens before this attention are the last features.
/// </summary>
internal sealed class AttentionEnd(ImageFlow flow, AxisTracer tracer)
{
    /// <summary>
    /// The largest number of steps between a softmax and the product that uses it: a few reshapes and a dropout.
    /// </summary>
    private const int MostSteps = 8;

    private bool _onlyPrefix;
    private bool _inAttention;

    /// <summary>The number of attentions between the last requested tensor and the scores.</summary>
    public int Passed { get; private set; }

    /// <summary>
    /// Whether the scores read the image positions of this tensor. Called for every node of the walk, in order.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="node">The node that computes it.</param>
    /// <param name="isMap">Whether the tensor is a map, as opposed to a list of tokens.</param>
    public bool Reads(string tensor, OnnxNode node, bool isMap)
    {
        // A map or tokens that are mixed directly do not need a product to compute values from them.
        _inAttention &= !isMap && MayProject(node);
        bool reads = !_onlyPrefix && !_inAttention;
        if (TakesPrefix(tensor, node))
            _onlyPrefix = true;
        else if (Mixes(node))
            (Passed, _onlyPrefix, _inAttention) = (Passed + 1, false, !ProjectsItsInput(node));
        // A product or a convolution computes the values that attention mixes, so it is part of the attention.
        else if (Operators.IsMatMul(node) || Operators.IsGemm(node) || Operators.IsConvolution(node))
            _inAttention = false;
        return reads;
    }

    /// <summary>Whether a tensor is a softmax, so that a product with it is a weighted mean.</summary>
    public static bool IsDistribution(OnnxGraph graph, string tensor)
    {
        string? current = tensor;
        for (int step = 0; step < MostSteps && current is not null && graph.Producer(current) is { } node; step++)
        {
            if (node.OpType is "Softmax" or "QLinearSoftmax")
                return true;
            if (node.OpType == "Div")
                return node.Input(0) is { } numerator && graph.Producer(numerator) is { OpType: "Exp" };
            bool passes = Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Expand";
            current = passes ? node.Input(0) : null;
        }
        return false;
    }

    private bool TakesPrefix(string tensor, OnnxNode node) =>
        node.OpType is "Gather" or "Slice" or "Split"
        && node.Input(0) is { } input
        && tracer[input] is { } before && before.Any(a => a.Prefix > 0)
        && tracer[tensor] is { } after && !after.Any(a => a.HasPositions);

    /// <summary>
    /// Whether this node can be part of the projection of values: the product itself, its bias, or a reshape.
    /// </summary>
    private bool MayProject(OnnxNode node) =>
        Operators.IsMatMul(node) || Operators.IsGemm(node) || Operators.IsConvolution(node)
        || Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Split" or "Slice" or "Gather"
        || (node.OpType == "Add" && flow.DataInputs(node).Distinct().Count() == 1);

    /// <summary>
    /// Whether the operator computes query, key and value itself, as ONNX Runtime's own operator does. Other operators
    /// get them as inputs.
    /// </summary>
    private static bool ProjectsItsInput(OnnxNode node) =>
        node is { OpType: "Attention", Domain: OnnxDomain.Microsoft };

    private bool Mixes(OnnxNode node) =>
        node.OpType is "Attention" or "MultiHeadAttention" or "GroupQueryAttention"
        || (Operators.IsMatMul(node) && flow.DataInputs(node).Distinct().Count() > 1);
}
