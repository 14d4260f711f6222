namespace ScoreCam.Onnx.Model;

/// <summary>What can be known of constant tensors without running anything.</summary>
internal static class Constants
{
    // Weights stand at most a few conversions away from their initializer.
    private const int MostSteps = 16;

    /// <summary>The values of a small integer constant (a shape, axes); null where it is not one.</summary>
    public static IReadOnlyList<long>? Integers(OnnxGraph graph, string? tensor)
    {
        if (tensor is null)
            return null;
        if (graph.Initializer(tensor) is { } initializer)
            return initializer.Integers;
        return graph.Producer(tensor) is { OpType: "Constant", Domain: "" } constant ? ValueOf(constant) : null;
    }

    /// <summary>The dimensions of a constant tensor, through quantization, casts and transposes; null where they are not known.</summary>
    public static IReadOnlyList<long>? Shape(OnnxGraph graph, string? tensor)
    {
        List<IReadOnlyList<long>> permutations = [];
        for (int step = 0; tensor is not null && step < MostSteps; step++)
        {
            if (graph.Initializer(tensor) is { } initializer)
                return Permuted(initializer.Dims, permutations);
            switch (graph.Producer(tensor))
            {
                case { OpType: "DequantizeLinear" or "QuantizeLinear" or "Cast" or "Identity" } same:
                    tensor = same.Input(0);
                    break;
                case { OpType: "Transpose" } transpose:
                    permutations.Add(transpose.Attribute("perm")?.Ints ?? []);
                    tensor = transpose.Input(0);
                    break;
                case { OpType: "Reshape" } reshape:
                    return Integers(graph, reshape.Input(1)) is { } target ? Permuted(target, permutations) : null;
                case { OpType: "ConstantOfShape" } filled:
                    return Integers(graph, filled.Input(0)) is { } dims ? Permuted(dims, permutations) : null;
                case { OpType: "Constant" } constant:
                    return constant.Attribute("value")?.Tensor is { } value ? Permuted(value.Dims, permutations) : null;
                default:
                    return null;
            }
        }
        return null;
    }

    private static IReadOnlyList<long>? ValueOf(OnnxNode constant)
    {
        if (constant.Attribute("value")?.Tensor is { } tensor)
            return tensor.Integers;
        if (constant.Attribute("value_ints") is { } list)
            return list.Ints;
        return constant.Attribute("value_int") is { } one ? [one.Int] : null;
    }

    private static IReadOnlyList<long>? Permuted(IReadOnlyList<long> dims, List<IReadOnlyList<long>> permutations)
    {
        for (int i = permutations.Count - 1; i >= 0; i--)
        {
            IReadOnlyList<long> perm = permutations[i].Count > 0 ? permutations[i] : [.. Enumerable.Range(0, dims.Count).Reverse().Select(d => (long)d)];
            IReadOnlyList<long> before = dims;
            if (perm.Count != before.Count || perm.Any(p => p < 0 || p >= before.Count))
                return null;
            dims = [.. perm.Select(p => before[(int)p])];
        }
        return dims;
    }
}
