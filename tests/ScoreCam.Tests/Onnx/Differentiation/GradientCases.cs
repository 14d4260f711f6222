using ScoreCam.Tests.Support;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Cases of every rule with the attributes of its operator.</summary>
internal static partial class GradientCases
{
    private static readonly int[] Map = [2, 3, 4, 5];

    public static IReadOnlyList<GradientCase> All =>
    [
        .. Functions, .. Arithmetic, .. Activations, .. Convolutions, .. Pools, .. Products, .. Normalisations,
        .. Reductions, .. Shapes, .. Indices, .. Chains,
    ];

    private static IEnumerable<GradientCase> Functions =>
    [
        .. new[] { "Identity", "Neg", "Exp", "Abs", "Sin", "Cos", "Erf", "Floor", "Ceil", "Round", "Sign", "Dropout" }
            .Select(op => Unary(op)),
        Unary("Log", shift: 2.5f), Unary("Sqrt", shift: 2.5f), Unary("Reciprocal", shift: 2.5f),
        new("Cast", Map, m => m.Cast("y", DataType.Float)),
        new("Dropout, opset 11", Map, m => m.Op("Dropout", "y", ["x"], Attribute("ratio", 0.5f)), Opset: 11),
    ];

    private static IEnumerable<GradientCase> Arithmetic =>
    [
        .. from op in new[] { "Add", "Sub", "Mul", "Div", "Sum", "Mean", "Max", "Min" }
           from dims in new[] { Map, [3, 1, 1], [5], [2, 3, 1, 5] }
           from left in new[] { true, false }
           select new GradientCase(
               $"{op}, constant [{string.Join(',', dims)}] {(left ? "right" : "left")}", Map,
               m => m.Weights("c", 1, dims).Op(op, "y", left ? ["x", "c"] : ["c", "x"]), Shift: op == "Div" ? 4 : 0),
        .. from op in new[] { "Add", "Sub", "Mul", "Div", "Sum", "Mean", "Max", "Min" }
           select new GradientCase(
               $"{op} of x and its mean", Map,
               m => m.Op("ReduceMean", "mean", ["x"], Attribute("axes", 2, 3)).Op(op, "y", ["mean", "x"]), Shift: 4),
        new("Mul by itself", Map, m => m.Op("Mul", "y", ["x", "x"])),
        new("Add to itself", Map, m => m.Op("Add", "y", ["x", "x"])),
        new("Sum of three", Map, m => m.Weights("c", 1, 5).Op("Sum", "y", ["x", "c", "x"])),
        new("Max of three", Map, m => m.Weights("c", 1, 5).Weights("d", 1, 3, 1, 1).Op("Max", "y", ["x", "c", "d"])),
        new("Where, a broadcast input", [2, 3, 1, 5], m => m.Initializer("zero", [], 0f).Weights("c", 1, Map)
            .Op("Greater", "mask", ["c", "zero"]).Op("Where", "y", ["mask", "x", "c"])),
        new("Where, the other branch", Map, m => m.Initializer("zero", [], 0f).Weights("c", 1, Map)
            .Op("Greater", "mask", ["c", "zero"]).Op("Where", "y", ["mask", "c", "x"])),
        .. from p in new[] { 2f, 3f, 0.5f, -1f }
           select new GradientCase(
               $"Pow {p}", Map, m => m.Initializer("p", [], p).Op("Pow", "y", ["x", "p"]), Shift: 3),
        new("Pow with an integer", Map, m => m.Initializer("p", [1], 3L).Op("Pow", "y", ["x", "p"]), Shift: 3),
        new("Pow, x in the exponent", Map, m => m.Initializer("b", [1], 1.7f).Op("Pow", "y", ["b", "x"])),
    ];

    private static IEnumerable<GradientCase> Activations =>
    [
        .. new[]
        {
            "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Sigmoid", "Tanh", "HardSigmoid", "Softplus", "Softsign",
            "Softmax", "LogSoftmax", "ThresholdedRelu",
        }.Select(op => Unary(op)),
        .. new[] { "Elu", "Celu", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "Selu" }.Select(
            op => new GradientCase($"{op}, alpha", Map, m => m.Op(op, "y", ["x"], Attribute("alpha", 0.3f)))),
        new("HardSwish", Map, m => m.Unary("HardSwish", "y"), Scale: 5),
        new("Mish", Map, m => m.Unary("Mish", "y"), Opset: 18),
        new("Gelu", Map, m => m.Unary("Gelu", "y"), Opset: 20),
        new("Gelu, tanh", Map, m => m.Op("Gelu", "y", ["x"], Attribute("approximate", "tanh")), Opset: 20),
        new("PRelu", Map, m => m.Weights("slope", 1, 3, 1, 1).Op("PRelu", "y", ["x", "slope"])),
        new("PRelu, x is the slope", [1, 3, 1, 1], m => m.Weights("c", 1, Map).Op("PRelu", "y", ["c", "x"])),
        new("Clip", Map, m => Bounds(m, -1.01f, 0.77f).Op("Clip", "y", ["x", "lo", "hi"])),
        new("Clip from below", Map, m => Bounds(m, -1.01f, 0).Op("Clip", "y", ["x", "lo"])),
        new("Clip from above", Map, m => Bounds(m, 0, 0.77f).Op("Clip", "y", ["x", "", "hi"])),
        new("Clip, no bounds", Map, m => m.Op("Clip", "y", ["x"])),
        new("Clip, a computed bound", Map, m => m.Initializer("a", [], -0.51f).Op("Abs", "hi", ["a"])
            .Op("Clip", "y", ["x", "a", "hi"])),
        new("Clip, opset 7", Map, m => m.Op("Clip", "y", ["x"], Attribute("min", -1.01f), Attribute("max", 1.01f)),
            Opset: 7),
        .. from op in new[] { "Softmax", "LogSoftmax" }
           from opset in new[] { 11, 17 }
           from axis in new[] { 1, 2, 3 }
           select new GradientCase($"{op}, axis {axis}, opset {opset}", Map,
               m => m.Op(op, "y", ["x"], Attribute("axis", axis)), opset),
    ];

    /// <summary>Operators after a convolution, and functions that are written as several nodes.</summary>
    private static IEnumerable<GradientCase> Chains =>
    [
        .. new[] { "Relu", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "LeakyRelu" }.Select(op => new GradientCase(
            $"Conv and {op}", [1, 3, 4, 4], m => m.Conv("c", 8).Unary(op, "y"), Scale: 4)),
        new("Conv and Clip", [1, 3, 4, 4], m => Bounds(m, 0, 1.5f).Conv("c", 8, from: "x")
            .Op("Clip", "y", ["c", "lo", "hi"])),
        new("Conv and Swish", [1, 3, 4, 4], m => m.Conv("c", 8).Sigmoid("s").Mul("y", "s", "c")),
        new("Conv, Swish that others read", [1, 3, 4, 4],
            m => m.Conv("c", 8).Sigmoid("s").Mul("p", "c", "s").Add("y", "p", "s")),
        new("Swish of vectors", [3, 4], m => m.Sigmoid("s").Mul("y", "x", "s")),
        new("Squeeze and excitation", [1, 3, 4, 4], m => m.Conv("c", 8).GlobalAveragePool("g").Conv("e", 8, 1)
            .Unary("HardSigmoid", "h").Mul("y", "c", "h")),
        new("A fire module", [1, 3, 4, 4], m => m.Conv("a", 8, 1).Relu("ra").Conv("b", 8, 3, from: "a").Relu("rb")
            .Concat("joined", 1, "ra", "rb").Conv("y", 4, 1)),
        new("A residual block with strides", [1, 8, 5, 5], m => m.Conv("a", 8, 3, 2).Relu("r").Conv("b", 8)
            .Conv("shortcut", 8, 1, 2, from: "x").Add("sum", "b", "shortcut").Relu("y")),
        .. from isFirst in new[] { true, false }
           select new GradientCase(
               $"Gelu in nodes, half {(isFirst ? "first" : "last")}", [2, 3, 4], m => Gelu(m, isFirst)),
        new("Gelu that others read", [2, 3, 4], m => Gelu(m, false).Op("Add", "z", ["y", "sum"])),
    ];

    private static GradientCase Unary(string op, float shift = 0) =>
        new(shift == 0 ? op : $"{op} of positive numbers", Map, m => m.Unary(op, "y"), Shift: shift);


    private static TinyModel Bounds(TinyModel m, float lo, float hi) =>
        m.Initializer("lo", [], lo).Initializer("hi", [], hi);


    private static TinyModel Gelu(TinyModel m, bool halfFirst)
    {
        m.Initializer("root", [], MathF.Sqrt(2)).Initializer("one", [], 1f).Initializer("half", [], 0.5f)
            .Op("Div", "scaled", ["x", "root"]).Op("Erf", "erf", ["scaled"]).Op("Add", "sum", ["erf", "one"]);
        return halfFirst ? m.Mul("h", "x", "half").Mul("y", "h", "sum") : m.Mul("h", "x", "sum").Mul("y", "h", "half");
    }
}
