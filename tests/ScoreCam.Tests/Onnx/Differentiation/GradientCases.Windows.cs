using ScoreCam.Tests.Support.Proto;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Convolutions and pools.</summary>
internal static partial class GradientCases
{
    private static IEnumerable<GradientCase> Convolutions =>
    [
        .. from channels in new[] { 2, 8 }
           from stride in new[] { 1, 2 }
           from pads in new long[][] { [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 2, 1], [3, 0, 3, 0] }
           from dilation in new[] { 1, 2 }
           where stride == 1 || dilation == 1
           select Conv($"{channels} channels, stride {stride}, pads {string.Join(' ', pads)}, dilation {dilation}",
               [1, channels, 6, 5], [4, channels, 3, 2], Attribute("strides", stride, stride), Attribute("pads", pads),
               Attribute("dilations", dilation, dilation)),
        .. from pad in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" }
           from stride in new[] { 1, 2 }
           select Conv($"{pad}, stride {stride}", [2, 2, 5, 5], [3, 2, 2, 3], Attribute("auto_pad", pad),
               Attribute("strides", stride, stride)),
        .. from stride in new[] { 1, 2 }
           from outputs in new[] { 8, 16 }
           select Conv($"depthwise, stride {stride}, {outputs} outputs", [1, 8, 5, 4], [outputs, 1, 3, 3],
               Attribute("group", 8), Attribute("strides", stride, stride), Attribute("pads", 1, 1, 1, 1)),
        .. from stride in new[] { 1, 3 }
           select Conv($"groups, stride {stride}", [1, 12, 4, 4], [6, 4, 3, 3], Attribute("group", 3),
               Attribute("strides", stride, stride), Attribute("pads", 1, 1, 1, 1)),
        Conv("one dimension", [2, 9, 7], [4, 9, 3], Attribute("pads", 1, 1)),
        Conv("three dimensions", [1, 2, 3, 4, 3], [3, 2, 2, 2, 2], Attribute("strides", 1, 2, 1)),
        Conv("1 × 1", [2, 9, 3, 3], [4, 9, 1, 1]),
        .. from stride in new[] { 1, 2, 3 }
           from added in new[] { 0, 1 }
           where added < stride
           select Transposed($"stride {stride}, output padding {added}", [1, 3, 4, 3], [3, 2, 3, 2],
               Attribute("strides", stride, stride), Attribute("output_padding", added, added),
               Attribute("pads", 1, 0, 0, 1)),
        Transposed("groups and dilation", [1, 4, 3, 3], [4, 3, 2, 2], Attribute("group", 2),
            Attribute("dilations", 2, 2)),
        .. from pad in new[] { "SAME_UPPER", "SAME_LOWER" }
           select Transposed(pad, [1, 2, 4, 3], [2, 2, 3, 3], Attribute("auto_pad", pad), Attribute("strides", 2, 2)),
        Transposed("output shape", [1, 2, 4, 3], [2, 2, 3, 3], Attribute("output_shape", 8, 5),
            Attribute("strides", 2, 2)),
        Transposed("one dimension", [2, 3, 5], [3, 2, 3], Attribute("strides", [2])),
    ];

    private static IEnumerable<GradientCase> Pools =>
    [
        .. from op in new[] { "MaxPool", "AveragePool" }
           from kernel in new[] { 2, 3 }
           from stride in new[] { 1, 2, 3 }
           from pads in new long[][] { [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 1, 0] }
           from ceil in new[] { 0, 1 }
           select Pool(
               op, $"kernel {kernel}, stride {stride}, pads {string.Join(' ', pads)}, ceil {ceil}", [1, 2, 6, 7],
               Attribute("kernel_shape", kernel, kernel), Attribute("strides", stride, stride), Attribute("pads", pads),
               Attribute("ceil_mode", ceil)),
        .. from stride in new[] { 1, 2 }
           from ceil in new[] { 0, 1 }
           select Pool("AveragePool", $"padding counts, stride {stride}, ceil {ceil}", [1, 2, 6, 7],
               Attribute("kernel_shape", 3, 3), Attribute("strides", stride, stride), Attribute("pads", 1, 1, 1, 1),
               Attribute("count_include_pad", 1), Attribute("ceil_mode", ceil)) with { Opset = 19 },
        .. from pad in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" }
           from op in new[] { "MaxPool", "AveragePool" }
           select Pool(op, pad, [1, 2, 6, 5], Attribute("kernel_shape", 3, 3), Attribute("strides", 2, 2),
               Attribute("auto_pad", pad)),
        Pool("MaxPool", "dilation", [1, 2, 6, 7], Attribute("kernel_shape", 2, 3), Attribute("dilations", 2, 2)),
        Pool("AveragePool", "dilation", [1, 2, 6, 7], Attribute("kernel_shape", 2, 3), Attribute("dilations", 2, 2))
            with { Opset = 19 },
        Pool("MaxPool", "one dimension", [2, 3, 7], Attribute("kernel_shape", [3]), Attribute("strides", [2])),
        Pool("AveragePool", "one dimension", [2, 3, 7], Attribute("kernel_shape", [3]), Attribute("strides", [2])),
        Pool("MaxPool", "three dimensions", [1, 2, 3, 4, 3], Attribute("kernel_shape", 2, 2, 2)),
        Pool("AveragePool", "everything", [2, 3, 4, 5], Attribute("kernel_shape", 4, 5)),
        Pool("MaxPool", "column-major indices", [1, 2, 5, 5], Attribute("kernel_shape", 3, 3),
            Attribute("storage_order", 1)),
        Unary("GlobalAveragePool"), Unary("GlobalMaxPool"),
        new("GlobalMaxPool, one dimension", [2, 3, 7], m => m.Unary("GlobalMaxPool", "y")),
        new("MaxPool behind Relu", [1, 2, 6, 6], m => m.Relu("r").MaxPool("y")),
        new("Overlapping MaxPool behind Relu", [1, 2, 7, 7], m => m.Relu("r").Op("MaxPool", "y", ["r"],
            Attribute("kernel_shape", 3, 3), Attribute("strides", 2, 2))),
    ];

    private static GradientCase Conv(string name, int[] input, int[] weights, params AttributeProto[] attributes) =>
        new($"Conv, {name}", input, m => m.Weights("w", 1, weights).Weights("b", 1, weights[0])
            .Op("Conv", "y", ["x", "w", "b"], attributes));

    private static GradientCase Transposed(string name, int[] input, int[] weights, params AttributeProto[] settings) =>
        new($"ConvTranspose, {name}", input,
            m => m.Weights("w", 1, weights).Op("ConvTranspose", "y", ["x", "w"], settings));

    private static GradientCase Pool(string op, string name, int[] input, params AttributeProto[] attributes) =>
        new($"{op}, {name}", input, m => m.Op(op, "y", ["x"], attributes));
}
