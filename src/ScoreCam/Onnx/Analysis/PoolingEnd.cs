using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Recognises, on a walk back from the scores, nodes that compute position by position but belong to the pooling: the
/// power of GeM pooling, the exponential of log-sum-exp pooling, and the weighting of attention pooling.
/// </summary>
internal sealed class PoolingEnd(OnnxGraph graph, ImageFlow flow, AxisTracer tracer)
{
    /// <summary>
    /// The largest lower bound that only keeps the base of a power above zero. An activation clips at zero.
    /// </summary>
    private const float SmallestBound = 1e-2f;

    private bool _hasRoot;
    private bool _isPooled;
    private bool _hasPower;
    private bool _isOver;

    /// <summary>Whether this tensor belongs to the pooling. Called for every node of the walk, in order.</summary>
    public bool Takes(string tensor, OnnxNode node)
    {
        if (_isOver)
            return false;
        if (!HasPositions(tensor))
        {
            _isPooled = flow.DataInputs(node).Any(HasPositions);
            bool isLayer = Operators.IsGemm(node) || Operators.IsMatMul(node) || Operators.IsConvolution(node);
            _hasRoot = IsRoot(node) || (_hasRoot && !isLayer);
            return false;
        }
        if (Operators.IsShapeOnly(node) || Operators.IsConversion(node))
            return false;
        bool takes = _isPooled && (IsWeighting(node) || (_hasRoot && IsPower(node)));
        _hasPower |= takes;
        _isOver = !takes;
        return takes;
    }

    /// <summary>Whether the node reverses a power or an exponential, or pools with one.</summary>
    private static bool IsRoot(OnnxNode node) => node.OpType is
        "Pow" or "Sqrt" or "Log" or "ReduceLogSumExp" or "ReduceL2" or "GlobalLpPool" or "LpPool";

    private bool HasPositions(string tensor) => tracer[tensor] is { } axes && axes.Any(a => a.HasPositions);

    private bool IsWeighting(OnnxNode node) =>
        node.OpType == "Mul" && node.Inputs.Any(t => flow[t] is not null && AttentionEnd.IsDistribution(graph, t));

    private bool IsPower(OnnxNode node) => node.OpType switch
    {
        "Pow" or "Exp" or "Abs" => true,
        "Mul" when node.Inputs is [var one, var other] && one == other => true,
        // The factor of the exponent, and the maximum that keeps it in range.
        "Mul" or "Div" or "Add" or "Sub" => _hasPower && flow.DataInputs(node).Count(HasPositions) == 1,
        "Clip" => _hasPower && node.Input(2) is null && node.Attribute("max") is null && IsSmall(Bound(node)),
        "Max" => _hasPower && node.Inputs.Any(t => IsSmall(Constants.Scalar(graph, t))),
        _ => false,
    };

    private float? Bound(OnnxNode clip) => clip.Attribute("min")?.Float ?? Constants.Scalar(graph, clip.Input(1));

    private static bool IsSmall(float? bound) => bound is > 0 and <= SmallestBound;
}
