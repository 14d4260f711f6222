using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Follows the picture's rows, columns and channels through a network, operator by operator, so that a tensor of heads
/// and tokens can be distinguished from a map. Each node must be given after the nodes that it reads from.
/// </summary>
internal sealed class AxisTracer(OnnxGraph graph, TensorShapes shapes)
{
    private readonly Dictionary<string, Axis[]> _axes = [];

    /// <summary>The axes of a tensor; null if its shape is unknown.</summary>
    public IReadOnlyList<Axis>? this[string tensor] => _axes.GetValueOrDefault(tensor);

    /// <summary>Defines the axes of the picture.</summary>
    public void Start(string input, TensorLayout layout)
    {
        if (shapes[input] is not { Count: 4 } shape)
            return;
        (int row, int column) = layout == TensorLayout.Nchw ? (2, 3) : (1, 2);
        _axes[input] = [.. shape.Select((size, i) =>
            i == row ? Axis.Whole(new(AxisKind.Row, size))
            : i == column ? Axis.Whole(new(AxisKind.Column, size))
            : i == 0 && size > 1 ? Axis.Whole(new(AxisKind.Batch, size))
            : Axis.New(size))];
    }

    /// <summary>Determines the axes of a node's outputs.</summary>
    public void Trace(OnnxNode node)
    {
        for (int i = 0; i < node.Outputs.Count; i++)
            if (shapes[node.Outputs[i]] is { } shape && node.Outputs[i].Length > 0)
                _axes.TryAdd(node.Outputs[i], Consistent(AxesOf(node, i, shape), node, shape));
    }

    private Axis[]? AxesOf(OnnxNode node, int output, IReadOnlyList<long> shape) => node.OpType switch
    {
        "Transpose" => Transpose(node),
        "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => Reshape(node, shape),
        "Concat" or "QLinearConcat" => Concat(node, shape),
        "Slice" => new SliceAxes(graph, shapes).Slice(node, Data(node.Input(0)), shape),
        "Split" => new SliceAxes(graph, shapes).Split(node, output, Data(node.Input(0)), shape),
        "Gather" => new SliceAxes(graph, shapes).Gather(node, Data(node.Input(0)), shape),
        "Einsum" => Einsum(node, shape),
        "Gemm" or "QGemm" or "FusedGemm" => Product(node, shape, node.Int("transA", 0) == 1),
        _ when Operators.IsMatMul(node) => Product(node, shape, false),
        _ when Operators.IsConvolution(node) => Convolution(node, shape),
        _ when Operators.IsReduction(node) || node.OpType is "ArgMax" or "ArgMin" => Reduce(node, shape),
        _ => Elementwise(node, shape) ?? SamePositions(node, shape),
    };

    /// <summary>
    /// Returns the axes that were found, if they fit the shape. An axis that is not understood has unknown image
    /// positions.
    /// </summary>
    private Axis[] Consistent(Axis[]? axes, OnnxNode node, IReadOnlyList<long> shape)
    {
        bool positions = Inputs(node).Any(t => Array.Exists(_axes[t], a => a.HasPositions));
        bool isKnown = axes?.Length == shape.Count;
        return [.. shape.Select((size, i) => isKnown && axes![i].Size == size ? axes[i] : Axis.New(size, positions))];
    }

    private IEnumerable<string> Inputs(OnnxNode node) =>
        node.Inputs.Concat(node.Captured).Where(_axes.ContainsKey).Distinct();

    private (Axis[] Axes, IReadOnlyList<long> Shape)? Data(string? tensor) =>
        tensor is not null && _axes.TryGetValue(tensor, out Axis[]? axes) ? (axes, shapes[tensor]!) : null;

    /// <summary>
    /// Returns the inputs that depend on the picture. The input with the best known positions comes first.
    /// </summary>
    private List<(Axis[] Axes, IReadOnlyList<long> Shape)> Ranked(OnnxNode node) =>
        [.. Inputs(node).Select(t => (_axes[t], shapes[t]!)).OrderByDescending(t => t.Item1.Count(a => a.HasPositions))
            .ThenByDescending(t => t.Item1.Count(a => a.Outermost is { IsPosition: true, IsUpright: true }))];

    private Axis[]? Transpose(OnnxNode node)
    {
        if (Data(node.Input(0)) is not { } data)
            return null;
        IReadOnlyList<long> perm = node.Attribute("perm")?.Ints is { Count: > 0 } given
            ? given : [.. Enumerable.Range(0, data.Axes.Length).Reverse().Select(i => (long)i)];
        bool isPermutation = perm.Count == data.Axes.Length && perm.All(p => p >= 0 && p < perm.Count);
        return isPermutation ? [.. perm.Select(p => data.Axes[p])] : null;
    }

    private Axis[]? Reshape(OnnxNode node, IReadOnlyList<long> shape) =>
        Data(node.Input(0)) is { } data && Count(data.Shape) == Count(shape) && Count(shape) > 0
            ? AxisReshape.Apply(data.Axes, data.Shape, shape) : null;

    private static long Count(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    private Axis[]? Convolution(OnnxNode node, IReadOnlyList<long> shape)
    {
        if (Data(node.Input(0)) is not { } data || data.Axes.Length != shape.Count || shape.Count < 3)
            return null;
        int channel = Operators.IsChannelsLast(node) ? shape.Count - 1 : 1;
        return [.. shape.Select((size, i) => i == 0 ? data.Axes[0] : i == channel ? Axis.New(size) : Spatial(i, size))];

        Axis Spatial(int i, long size)
        {
            Axis axis = data.Axes[i];
            return data.Shape[i] == size && axis.Outermost is null ? axis : axis.Resized(size);
        }
    }

    /// <summary>
    /// The rule for an operator that keeps the order of the axes: pooling, resizing, padding, and every unknown
    /// operator.
    /// </summary>
    private Axis[]? SamePositions(OnnxNode node, IReadOnlyList<long> shape) =>
        Ranked(node).Find(t => t.Axes.Length == shape.Count) is { Axes: { } axes, Shape: { } before }
            ? [.. shape.Select((size, i) => size == before[i] ? axes[i] : axes[i].Resized(size))] : null;

    private Axis[]? Reduce(OnnxNode node, IReadOnlyList<long> shape)
    {
        if (Data(node.Input(0)) is not { } data)
            return null;
        if (data.Axes.Length == shape.Count)
            return [.. shape.Select((size, i) => size == data.Shape[i] ? data.Axes[i] : data.Axes[i].Resized(size))];
        IReadOnlyList<long>? given = node.Attribute("axes")?.Ints ?? shapes.ValuesOf(graph, node.Input(1));
        if (given is null && node.Attribute("axis") is { } one)
            given = [one.Int];
        HashSet<long> removed = [.. (given ?? []).Select(a => a < 0 ? a + data.Axes.Length : a)];
        return [.. data.Axes.Where((_, i) => !removed.Contains(i))];
    }

    /// <summary>
    /// The rule for an operator that computes each value from the values at the same position. The axes are the axes of
    /// the inputs, aligned at the right.
    /// </summary>
    private Axis[]? Elementwise(OnnxNode node, IReadOnlyList<long> shape)
    {
        var inputs = Ranked(node);
        if (inputs.Count == 0 || inputs.Exists(t => t.Axes.Length > shape.Count || !Broadcasts(t.Shape, shape)))
            return null;
        return [.. shape.Select((size, i) => Merged(inputs, i - shape.Count, size))];
    }

    private static bool Broadcasts(IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        for (int i = 1; i <= from.Count; i++)
            if (from[^i] != to[^i] && from[^i] != 1)
                return false;
        return true;
    }

    /// <summary>Merges one axis, counted from the end, of tensors that are combined position by position.</summary>
    private static Axis Merged(List<(Axis[] Axes, IReadOnlyList<long> Shape)> inputs, int fromEnd, long size)
    {
        Axis? merged = null;
        foreach ((Axis[] axes, IReadOnlyList<long> shape) in inputs)
        {
            if (axes.Length < -fromEnd || shape[^-fromEnd] != size || axes[^-fromEnd].Factors.Count == 0)
                continue;
            Axis axis = axes[^-fromEnd];
            merged ??= axis;
            // The sum of a map and its mirror image has no position that corresponds to a position of the picture.
            if (merged.Outermost is { IsPosition: true } one && axis.Outermost is { } other && AreMirrored(one, other))
                return Axis.Whole(new Dimension(one.Kind, size, false, Segments.Elsewhere));
        }
        return merged ?? Axis.New(size);
    }

    private static bool AreMirrored(Dimension one, Dimension other) =>
        other.Kind == one.Kind && other.Mirrored != one.Mirrored;

    private Axis[]? Concat(OnnxNode node, IReadOnlyList<long> shape)
    {
        var inputs = Ranked(node);
        if (inputs.Count == 0 || inputs.Exists(t => t.Axes.Length != shape.Count))
            return null;
        int at = (int)node.Int("axis", 0);
        at = at < 0 ? at + shape.Count : at;
        if (at < 0 || at >= shape.Count)
            return null;
        return [.. shape.Select((size, i) => i == at ? Joined(node, at, size) : Merged(inputs, i - shape.Count, size))];
    }

    /// <summary>Returns the axis along which tensors are concatenated.</summary>
    private Axis Joined(OnnxNode node, int at, long size)
    {
        string[] names = [.. node.OpType == "Concat" ? node.Inputs : node.Inputs.Skip(2).Where((_, i) => i % 3 == 0)];
        Axis?[] axes = [.. names.Select(name => Data(name)?.Axes[at])];
        int[] placed = [.. Enumerable.Range(0, names.Length).Where(i => axes[i] is { HasPositions: true })];
        if (placed.Length == 0)
            return Axis.New(size);
        if (placed.Length == 1 && placed[0] == names.Length - 1)
        {
            // The indices before the image positions are tokens without a position.
            long before = size - Data(names[^1])!.Value.Shape[at];
            return axes[^1]! with { Prefix = axes[^1]!.Prefix + (int)before };
        }
        Segments? all = placed.Length < names.Length ? null : Together(axes);
        if (all is not { Of: { } of })
            return Axis.New(size, positions: true);
        bool isWhole = all.Parts is [(0, var length)] && length == of.Size;
        return Axis.Whole(isWhole ? of : new Dimension(of.Kind, size, of.Mirrored, all));
    }

    /// <summary>Returns the combined segments of several axes; null if they do not belong to one dimension.</summary>
    private static Segments? Together(IEnumerable<Axis?> axes)
    {
        Segments? all = null;
        foreach (Axis? axis in axes)
        {
            if (axis?.Outermost?.Segments is not { Of: { } of } segments || (all is not null && of != all.Of))
                return null;
            all = all is null ? segments : all.Then(segments);
        }
        return all;
    }

    private Axis[]? Product(OnnxNode node, IReadOnlyList<long> shape, bool transposed)
    {
        var left = Data(node.Input(0));
        var right = Data(node.Input(node.OpType == "QLinearMatMul" ? 3 : 1));
        if (shape.Count < 2 || (left is null && right is null))
            return null;
        if (left is { Axes.Length: < 2 } || right is { Axes.Length: < 2 })
            return null;
        List<(Axis[], IReadOnlyList<long>)> both = [.. new[] { left, right }.OfType<(Axis[], IReadOnlyList<long>)>()];
        var axes = new Axis[shape.Count];
        for (int i = 0; i < shape.Count - 2; i++)
            axes[i] = Merged(both, i - shape.Count, shape[i]);
        axes[^2] = left is { } l ? l.Axes[^(transposed ? 1 : 2)] : Axis.New(shape[^2]);
        bool flipped = node.Int("transB", 0) == 1;
        axes[^1] = right is { } r ? r.Axes[^(flipped ? 2 : 1)] : Axis.New(shape[^1]);
        return axes;
    }

    private Axis[]? Einsum(OnnxNode node, IReadOnlyList<long> shape)
    {
        string[] sides = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length != 2 || sides[1].Length != shape.Count)
            return null;
        Dictionary<char, Axis> letters = [];
        string[] terms = sides[0].Split(',');
        for (int i = 0; i < terms.Length && i < node.Inputs.Count; i++)
            if (Data(node.Inputs[i]) is { } data && data.Axes.Length == terms[i].Length)
                for (int k = 0; k < terms[i].Length; k++)
                    letters.TryAdd(terms[i][k], data.Axes[k]);
        return [.. sides[1].Select((letter, i) => letters.GetValueOrDefault(letter) ?? Axis.New(shape[i]))];
    }
}
