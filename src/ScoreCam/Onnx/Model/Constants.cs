using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads constant tensors without running the network.</summary>
internal static class Constants
{
    /// <summary>The largest number of conversions between weights and their initializer.</summary>
    private const int MostSteps = 16;

    /// <summary>Returns the values of a short list of integers (a shape, axes); null for other tensors.</summary>
    public static IReadOnlyList<long>? Integers(OnnxGraph graph, string? tensor) => graph.Constant(tensor)?.Integers;

    /// <summary>
    /// Returns the values of a short constant of real numbers, or a boolean as 0 or 1; null for other tensors.
    /// </summary>
    public static IReadOnlyList<float>? Floats(OnnxGraph graph, string? tensor)
    {
        if (graph.Constant(tensor) is not { } constant)
            return null;
        if (constant.Floats is not null)
            return constant.Floats;
        if (constant is { ElementType: ElementType.Bool, RawData: { Length: 1 } flag })
            return [graph.Bytes.Span[flag.Start]];
        bool isShort = constant.Dims.All(d => d is >= 0 and <= TensorReader.SmallCount)
            && constant.Dims.Aggregate(1L, (product, d) => product * d) <= TensorReader.SmallCount;
        return isShort && FloatTensor.IsReadable(constant) ? FloatTensor.Read(graph.Bytes.Span, constant) : null;
    }

    /// <summary>Returns the value of a constant with one real number; null for other tensors.</summary>
    public static float? Scalar(OnnxGraph graph, string? tensor) => Floats(graph, tensor) is [var value] ? value : null;

    /// <summary>
    /// Returns the constant behind a tensor, through nodes that only move or relabel values; null if there is none.
    /// </summary>
    public static OnnxInitializer? Behind(OnnxGraph graph, string? tensor)
    {
        for (int step = 0; tensor is not null && step < MostSteps; step++)
        {
            if (graph.Constant(tensor) is { } constant)
                return constant;
            tensor = graph.Producer(tensor) is { } node && Operators.IsShapeOnly(node) ? node.Input(0) : null;
        }
        return null;
    }

    /// <summary>
    /// Returns the dimensions of a constant tensor, through quantization, casts and transposes; null if they are
    /// unknown.
    /// </summary>
    public static IReadOnlyList<long>? Shape(OnnxGraph graph, string? tensor)
    {
        List<IReadOnlyList<long>> permutations = [];
        for (int step = 0; tensor is not null && step < MostSteps; step++)
        {
            if (graph.Constant(tensor) is { } constant)
                return Permuted(constant.Dims, permutations);
            switch (graph.Producer(tensor))
            {
                case { OpType: "DequantizeLinear" or "QuantizeLinear" or "Cast" or "Identity" } same:
                    tensor = same.Input(0);
                    break;
                case { OpType: "Transpose" } transpose:
                    permutations.Add(transpose.Ints("perm") ?? []);
                    tensor = transpose.Input(0);
                    break;
                case { OpType: "Reshape" } reshape:
                    return Integers(graph, reshape.Input(1)) is { } target ? Permuted(target, permutations) : null;
                case { OpType: "ConstantOfShape" } filled:
                    return Integers(graph, filled.Input(0)) is { } dims ? Permuted(dims, permutations) : null;
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>
    /// Returns the value of a Constant node; null for other nodes, and for values that are not a numeric tensor.
    /// </summary>
    public static OnnxInitializer? ValueOf(OnnxNode node)
    {
        if (node is not { OpType: "Constant", Domain: "", Outputs: [var name, ..] })
            return null;
        if (node.Attribute("value")?.Tensor is { } tensor)
            return tensor;
        if (node.Attribute("value_int") is { } number)
            return new() { Name = name, ElementType = ElementType.Int64, Dims = [], Integers = [number.Int] };
        if (node.Attribute("value_ints") is { Ints: var numbers })
            return new() { Name = name, ElementType = ElementType.Int64, Dims = [numbers.Count], Integers = numbers };
        if (node.Attribute("value_float") is { } real)
            return new() { Name = name, ElementType = ElementType.Float, Dims = [], Floats = [real.Float] };
        if (node.Attribute("value_floats") is { Floats: { Count: < TensorReader.SmallCount } reals })
            return new() { Name = name, ElementType = ElementType.Float, Dims = [reals.Count], Floats = reals };
        return null;
    }

    private static IReadOnlyList<long>? Permuted(IReadOnlyList<long> dims, List<IReadOnlyList<long>> permutations)
    {
        for (int i = permutations.Count - 1; i >= 0; i--)
        {
            IReadOnlyList<long> before = dims;
            // Without a permutation, Transpose reverses the dimensions.
            IReadOnlyList<long> reversed = [.. Enumerable.Range(0, before.Count).Reverse().Select(d => (long)d)];
            IReadOnlyList<long> perm = permutations[i].Count > 0 ? permutations[i] : reversed;
            if (perm.Count != before.Count || perm.Any(p => p < 0 || p >= before.Count))
                return null;
            dims = [.. perm.Select(p => before[(int)p])];
        }
        return dims;
    }
}
