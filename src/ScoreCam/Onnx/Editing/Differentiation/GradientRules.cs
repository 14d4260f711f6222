using System.Collections.Frozen;
using ScoreCam.Onnx.Editing.Differentiation.Rules;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>The gradient rules of all operators.</summary>
internal static class GradientRules
{
    private static readonly FrozenDictionary<string, GradientRule> Rules = new[]
    {
        ElementwiseRules.All, ActivationRules.All, ConvolutionRules.All, PoolingRules.All, MatrixRules.All,
        AttentionRules.All, NormalizationRules.All, ReductionRules.All, ShapeRules.All, IndexRules.All,
    }.SelectMany(family => family).ToFrozenDictionary(pair => pair.OpType, pair => pair.Rule);

    /// <summary>The operators that have a rule, in alphabetical order.</summary>
    public static IEnumerable<string> Operators => Rules.Keys.Order(StringComparer.Ordinal);

    /// <summary>Returns the rule of a node; null if there is none.</summary>
    public static GradientRule? Of(OnnxNode node) =>
        node.Domain.Length == 0 && node.Captured.Count == 0 ? Rules.GetValueOrDefault(node.OpType) : null;

    /// <summary>
    /// Whether a node computes sizes, positions, masks or integers. They are the same for nearby pictures, so no
    /// gradient passes through them.
    /// </summary>
    public static bool StopsGradient(OnnxNode node) => node.Domain.Length == 0 && node.OpType switch
    {
        "Shape" or "Size" or "ArgMax" or "ArgMin" or "NonZero" or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or
        "LessOrEqual" or "Not" or "And" or "Or" or "Xor" or "IsNaN" or "IsInf" or "ConstantOfShape" => true,
        "Cast" => (ElementType)node.Int("to", 0) is not (ElementType.Float or ElementType.Double or ElementType.Float16
            or ElementType.BFloat16),
        _ => false,
    };

    /// <summary>Whether a node operates on quantized numbers.</summary>
    public static bool IsQuantized(OnnxNode node) =>
        node.OpType.StartsWith("QLinear", StringComparison.Ordinal)
        || node.OpType.StartsWith("Dynamic", StringComparison.Ordinal)
        || node.OpType.Contains("Integer", StringComparison.Ordinal)
        || node.OpType is "QuantizeLinear" or "DequantizeLinear" or "QGemm" or "MatMulNBits";
}
