using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Operators that reduce or move values, products and normalisations.</summary>
internal static partial class GradientCases
{
    private static IEnumerable<GradientCase> Products =>
    [
        .. from transA in new[] { 0, 1 }
           from transB in new[] { 0, 1 }
           from isB in new[] { false, true }
           select new GradientCase(
               $"Gemm, transA {transA}, transB {transB}, x is {(isB ? "B" : "A")}",
               isB ? transB == 0 ? [4, 5] : [5, 4] : transA == 0 ? [3, 4] : [4, 3],
               m => m.Weights("bias", 1, 5)
                   .Weights("c", 1, isB ? transA == 0 ? [3, 4] : [4, 3] : transB == 0 ? [4, 5] : [5, 4])
                   .Op("Gemm", "y", isB ? ["c", "x", "bias"] : ["x", "c", "bias"], Attribute("transA", transA),
                       Attribute("transB", transB), Attribute("alpha", 0.7f), Attribute("beta", 0.3f))),
        new("Gemm, x is the bias", [1, 5], m => m.Weights("a", 1, 3, 4).Weights("b", 1, 4, 5)
            .Op("Gemm", "y", ["a", "b", "x"], Attribute("beta", 0.3f))),
        .. from shapes in new[]
           {
               ((int[])[3, 4], (int[])[4, 5]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [1, 4, 5]),
               ([1, 3, 4], [6, 4, 5]), ([2, 1, 3, 4], [5, 4, 2]), ([2, 3, 3, 4], [1, 3, 4, 2]),
           }
           from isRight in new[] { false, true }
           select new GradientCase(
               $"MatMul [{string.Join(',', shapes.Item1)}] · [{string.Join(',', shapes.Item2)}], "
               + $"x is {(isRight ? "right" : "left")}",
               isRight ? shapes.Item2 : shapes.Item1,
               m => isRight ? m.Weights("c", 1, shapes.Item1).Op("MatMul", "y", ["c", "x"])
                   : m.Weights("c", 1, shapes.Item2).Op("MatMul", "y", ["x", "c"])),
        new("Attention", [2, 4, 3], m => m.Transpose("t", 0, 2, 1).Initializer("s", [], 0.5f).Op("Mul", "q", ["x", "s"])
            .Op("MatMul", "scores", ["q", "t"]).Softmax("a", -1).Op("MatMul", "y", ["a", "x"])),
        .. from shape in new int[][] { [2, 4, 12], [2, 2, 4, 9] }
           from mask in new[] { "", "bias", "bool" }
           select new GradientCase(
               $"The operator Attention, rank {shape.Length}, mask '{mask}'", shape,
               m => Attention(m, shape, mask), Opset: 23),
        new("The operator Attention, a scale, x is the query", [1, 3, 4], m => m.Weights("k", 1, 1, 5, 4)
            .Weights("v", 1, 1, 5, 6).Op("Attention", "y", ["x", "k", "v"], Attribute("q_num_heads", 2),
                Attribute("kv_num_heads", 2), Attribute("scale", 0.8f)), Opset: 23),
        new("The operator Attention, x is the key", [1, 5, 4], m => m.Weights("q", 1, 1, 3, 4)
            .Weights("v", 1, 1, 5, 6).Op("Attention", "y", ["q", "x", "v"], Attribute("q_num_heads", 2),
                Attribute("kv_num_heads", 2)), Opset: 23),
        Einsum("bij,jk->bik", 4, 5), Einsum("bij,bkj->bik", 2, 5, 4), Einsum("bij,bjk->bki", 2, 4, 5),
        Einsum("bij,kj->kib", 5, 4), Einsum("bij->jib"),
        new("Einsum of x and x", [2, 3, 4],
            m => m.Op("Einsum", "y", ["x", "x"], Attribute("equation", "bij,bkj->bik"))),
    ];

    private static IEnumerable<GradientCase> Normalisations =>
    [
        new("BatchNormalization", Map, m => BatchNorm(m), Opset: 17),
        new("BatchNormalization, opset 9", Map, m => BatchNorm(m), Opset: 9),
        new("BatchNormalization of vectors", [4, 3], m => BatchNorm(m)),
        .. from axis in new[] { -1, 1, 2 }
           let rest = axis < 0 ? Map[3..] : Map[axis..]
           select new GradientCase($"LayerNormalization, axis {axis}", Map, m => m.Weights("s", 1, rest)
               .Weights("b", 1, rest).Op("LayerNormalization", "y", ["x", "s", "b"], Attribute("axis", axis),
                   Attribute("epsilon", 0.01f))),
        new("InstanceNormalization", Map, m => m.Weights("s", 1, 3).Weights("b", 1, 3)
            .Op("InstanceNormalization", "y", ["x", "s", "b"])),
        new("GroupNormalization, opset 18", [2, 4, 2, 3], m => m.Weights("s", 1, 2).Weights("b", 1, 2)
            .Op("GroupNormalization", "y", ["x", "s", "b"], Attribute("num_groups", 2)), Opset: 18),
        new("GroupNormalization, opset 21", [2, 4, 2, 3], m => m.Weights("s", 1, 4).Weights("b", 1, 4)
            .Op("GroupNormalization", "y", ["x", "s", "b"], Attribute("num_groups", 2)), Opset: 21),
        new("LpNormalization", Map, m => m.Op("LpNormalization", "y", ["x"], Attribute("axis", 1))),
        .. from size in new[] { 3, 5 }
           select new GradientCase($"LRN, size {size}", [1, 6, 2, 3], m => m.Op("LRN", "y", ["x"],
               Attribute("size", size), Attribute("alpha", 0.9f), Attribute("beta", 0.6f), Attribute("bias", 1.5f))),
        .. from opset in new[] { 13, 17 }
           select new GradientCase(
               $"Layer normalisation in nodes, opset {opset}", [2, 3, 4], m => Normalised(m), opset),
        new("Layer normalisation that others read", [2, 3, 4], m => Normalised(m).Op("Add", "z", ["y", "centred"])),
        new("Normalisation over other axes", [2, 3, 4], m => Normalised(m, axis: 1)),
    ];

    private static IEnumerable<GradientCase> Reductions =>
    [
        .. from op in new[] { "Mean", "Sum", "Max", "Min", "L1", "L2", "SumSquare", "LogSum", "LogSumExp", "Prod" }
           from axes in new long[][] { [2, 3], [1], [-1], [] }
           from keep in new[] { 0, 1 }
           from opset in new[] { 12, 17, 18 }
           where axes.Length > 0 || (opset == 17 && op != "Prod")
           select Reduce($"Reduce{op}", axes, keep, opset),
        new("ReduceSum without axes and no operation", Map, m => m.Op("ReduceSum", "y", ["x"],
            Attribute("noop_with_empty_axes", 1))),
    ];

    private static IEnumerable<GradientCase> Shapes =>
    [
        new("Reshape", Map, m => m.Reshape("y", 2, 5, -1)),
        new("Flatten", Map, m => m.Op("Flatten", "y", ["x"], Attribute("axis", 2))),
        new("Squeeze", [2, 1, 3, 1], m => Axes(m, "Squeeze", 1, 3)),
        new("Squeeze, opset 11", [2, 1, 3, 1], m => m.Op("Squeeze", "y", ["x"], Attribute("axes", 1, -1)), Opset: 11),
        new("Unsqueeze", [2, 3], m => Axes(m, "Unsqueeze", 0, -1)),
        new("Unsqueeze, opset 11", [2, 3], m => m.Op("Unsqueeze", "y", ["x"], Attribute("axes", 0, 3)), Opset: 11),
        new("Transpose", Map, m => m.Transpose("y", 2, 0, 3, 1)),
        new("Transpose, reversed", Map, m => m.Op("Transpose", "y", ["x"])),
        .. from axis in new[] { 1, -1 }
           select new GradientCase($"Concat, axis {axis}", Map, m => m.Weights("c", 1, Map).Unary("Neg", "n", "x")
               .Op("Concat", "y", ["x", "c", "n"], Attribute("axis", axis))),
        new("Split", Map, m => m.Initializer("sizes", [2], 1L, 2).Op("", "Split", ["y", "rest"], ["x", "sizes"],
            Attribute("axis", 1))),
        new("Split, all parts", Map,
            m => m.Op("", "Split", ["a", "b"], ["x"], Attribute("axis", 2)).Mul("y", "a", "b")),
        new("Split, opset 11", Map, m => m.Op("", "Split", ["a", "b"], ["x"], Attribute("axis", 3),
            Attribute("split", 2, 3)).Unary("Neg", "y", "b"), Opset: 11),
        new("Expand", [2, 1, 3], m => m.Initializer("to", [4], 4L, 1, 5, 1).Op("Expand", "y", ["x", "to"])),
        new("Tile", [2, 3, 2], m => m.Initializer("n", [3], 1L, 3, 2).Op("Tile", "y", ["x", "n"])),
        .. from mode in new[] { "DCR", "CRD" }
           select new GradientCase($"DepthToSpace, {mode}", [2, 8, 2, 3], m => m.Op("DepthToSpace", "y", ["x"],
               Attribute("blocksize", 2), Attribute("mode", mode))),
        new("SpaceToDepth", [2, 2, 4, 6], m => m.Op("SpaceToDepth", "y", ["x"], Attribute("blocksize", 2))),
        .. from upper in new[] { 0, 1 }
           select new GradientCase($"Trilu, upper {upper}", [2, 4, 4], m => m.Initializer("k", [], 1L)
               .Op("Trilu", "y", ["x", "k"], Attribute("upper", upper))),
    ];

    private static IEnumerable<GradientCase> Indices =>
    [
        Slice("one axis", [1], [4], [3]), Slice("negative", [-3], [-1], [-1]), Slice("beyond the end", [2], [99], [2]),
        Slice("steps on two axes", [0, 1], [4, 5], [2, 3], [2, 3]), Slice("backwards", [4], [-99], [3], [-1]),
        Slice("backwards in steps", [3, 4], [0, -99], [2, 3], [-1, -2]), Slice("all axes", [0, 1, 0, 2], [2, 3, 4, 4]),
        new("Slice, opset 9", Map, m => m.Op("Slice", "y", ["x"], Attribute("axes", 1, 3), Attribute("starts", 1, 0),
            Attribute("ends", 3, -1)), Opset: 9),
        .. from mode in new[] { "constant", "reflect", "edge", "wrap" }
           from pads in new long[][] { [0, 0, 1, 2, 0, 0, 2, 1], [0, 1, 0, 0, 0, 1, 3, 0] }
           select new GradientCase($"Pad, {mode}, {string.Join(' ', pads)}", Map, m => m.Initializer("p", [8], pads)
               .Op("Pad", "y", ["x", "p"], Attribute("mode", mode)), Opset: 19),
        new("Pad, negative", Map, m => m.Initializer("p", [8], 0L, 0, -1, 1, 0, 0, 0, -2).Op("Pad", "y", ["x", "p"])),
        new("Pad, axes", Map, m => m.Initializer("p", [2], 1L, 2).Initializer("axes", [1], -1L)
            .Op("Pad", "y", ["x", "p", "", "axes"]), Opset: 18),
        new("Pad, opset 10", Map, m => m.Op("Pad", "y", ["x"], Attribute("pads", 0, 0, 1, 0, 0, 0, 2, 1),
            Attribute("value", 0.5f)), Opset: 10),
        new("Gather, one", Map, m => m.Initializer("i", [], -1L).Op("Gather", "y", ["x", "i"], Attribute("axis", 1))),
        new("Gather, a list", Map, m => m.Initializer("i", [4], 0L, 2, 2, -1).Op("Gather", "y", ["x", "i"],
            Attribute("axis", 2))),
        new("Gather, a table", Map, m => m.Initializer("i", [2, 2], 0L, 4, 1, 1).Op("Gather", "y", ["x", "i"],
            Attribute("axis", -1))),
        .. from mode in new[] { "nearest", "linear", "cubic" }
           from transform in new[] { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel" }
           from scale in new[] { 1.5f, 0.6f, 2f }
           select new GradientCase($"Resize, {mode}, {transform}, {scale}", [1, 2, 4, 5],
               m => m.Initializer("scales", [4], 1f, 1, scale, 2).Op("Resize", "y", ["x", "", "scales"],
                   Attribute("mode", mode), Attribute("coordinate_transformation_mode", transform))),
        new("Resize, sizes", [1, 2, 4, 5], m => m.Initializer("sizes", [4], 1L, 2, 7, 3)
            .Op("Resize", "y", ["x", "", "", "sizes"], Attribute("mode", "linear"))),
        new("Resize, axes and antialias", [1, 2, 6, 8], m => m.Initializer("sizes", [2], 3L, 5).Op("Resize", "y",
            ["x", "", "", "sizes"], Attribute("mode", "linear"), Attribute("axes", 2, 3), Attribute("antialias", 1)),
            Opset: 18),
        new("Resize, opset 10", [1, 2, 4, 5], m => m.Initializer("scales", [4], 1f, 1, 2, 1.5f)
            .Op("Resize", "y", ["x", "scales"], Attribute("mode", "linear")), Opset: 10),
        new("Upsample", [1, 2, 3, 3], m => m.Op("Upsample", "y", ["x"], new AttributeProto
        {
            Name = "scales",
            Floats = { 1, 1, 2, 2 },
            Type = AttributeProto.Types.AttributeType.Floats,
        }), Opset: 7),
    ];

    private static GradientCase Einsum(string equation, params int[] second) =>
        new($"Einsum {equation}", [2, 3, 4], m => second.Length == 0
            ? m.Op("Einsum", "y", ["x"], Attribute("equation", equation))
            : m.Weights("c", 1, second).Op("Einsum", "y", ["x", "c"], Attribute("equation", equation)));

    private static TinyModel BatchNorm(TinyModel m) => m.Weights("s", 1, 3).Weights("b", 1, 3).Weights("mean", 1, 3)
        .Initializer("var", [3], 0.5f, 1, 2).Op("BatchNormalization", "y", ["x", "s", "b", "mean", "var"]);

    private static TinyModel Normalised(TinyModel m, int axis = -1) => m
        .Op("ReduceMean", "mean", ["x"], Attribute("axes", [axis])).Op("Sub", "centred", ["x", "mean"])
        .Initializer("two", [], 2f).Op("Pow", "square", ["centred", "two"])
        .Op("ReduceMean", "variance", ["square"], Attribute("axes", [axis])).Initializer("epsilon", [], 0.01f)
        .Op("Add", "sum", ["variance", "epsilon"]).Op("Sqrt", "root", ["sum"]).Op("Div", "y", ["centred", "root"]);

    private static GradientCase Reduce(string op, long[] axes, int keep, int opset) =>
        new($"{op}, axes {string.Join(' ', axes)}, keepdims {keep}, opset {opset}", Map, m =>
        {
            bool isInput = opset >= 18 || (op == "ReduceSum" && opset >= 13);
            AttributeProto kept = Attribute("keepdims", keep);
            if (axes.Length == 0)
                return m.Op(op, "y", ["x"], kept);
            return isInput ? m.Initializer("axes", [axes.Length], axes).Op(op, "y", ["x", "axes"], kept)
                : m.Op(op, "y", ["x"], kept, Attribute("axes", axes));
        }, opset, Shift: 2.5f);

    private static TinyModel Axes(TinyModel m, string op, params long[] axes) =>
        m.Initializer("axes", [axes.Length], axes).Op(op, "y", ["x", "axes"]);

    private static GradientCase Slice(string name, params long[][] settings) => new($"Slice, {name}", Map, m =>
    {
        string[] names = [.. new[] { "starts", "ends", "axes", "steps" }.Take(settings.Length)];
        for (int i = 0; i < names.Length; i++)
            m.Initializer(names[i], [settings[i].Length], settings[i]);
        return m.Op("Slice", "y", ["x", .. names]);
    });

    /// <summary>Attention of the three thirds of x: the query, the key and the value.</summary>
    private static TinyModel Attention(TinyModel m, int[] shape, string mask)
    {
        (int axis, int tokens) = (shape.Length - 1, shape[^2]);
        m.Op("", "Split", ["q", "k", "v"], ["x"], Attribute("axis", axis), Attribute("num_outputs", 3));
        m.Weights("bias", 1, 2, tokens, tokens).Initializer("zero", [], -0.5f).Op("Greater", "bool", ["bias", "zero"]);
        string[] inputs = mask.Length > 0 ? ["q", "k", "v", mask] : ["q", "k", "v"];
        return shape.Length == 4
            ? m.Op("Attention", "y", inputs)
            : m.Op("Attention", "y", inputs, Attribute("q_num_heads", 2), Attribute("kv_num_heads", 2));
    }
}
