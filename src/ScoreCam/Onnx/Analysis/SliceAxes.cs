using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Determines the axes of a tensor after a part of it was taken: crops, strides, mirror images, single tokens.
/// </summary>
internal sealed class SliceAxes(OnnxGraph graph, TensorShapes shapes)
{
    public Axis[]? Slice(OnnxNode node, (Axis[] Axes, IReadOnlyList<long> Shape)? input, IReadOnlyList<long> shape)
    {
        if (input is not { } data || data.Axes.Length != shape.Count)
            return null;
        IReadOnlyList<long>? starts = Bound(node, "starts", 1), steps = Bound(node, "steps", 4);
        List<long> axes = [.. Bound(node, "axes", 3) ?? starts?.Select((_, i) => (long)i) ?? []];
        return [.. shape.Select((size, i) =>
        {
            int at = axes.FindIndex(a => (a < 0 ? a + shape.Count : a) == i);
            long? start = at < 0 ? null : starts?.ElementAtOrDefault(at);
            long step = at < 0 ? 1 : steps?.ElementAtOrDefault(at) ?? 1;
            return Cut(data.Axes[i], data.Shape[i], start, size, step);
        })];
    }

    public Axis[]? Split(
        OnnxNode node, int output, (Axis[] Axes, IReadOnlyList<long> Shape)? input, IReadOnlyList<long> shape)
    {
        if (input is not { } data || data.Axes.Length != shape.Count)
            return null;
        long at = node.Int("axis", 0);
        at = at < 0 ? at + shape.Count : at;
        long? start = 0;
        foreach (string before in node.Outputs.Take(output))
            start += shapes[before]?.ElementAtOrDefault((int)at);
        Axis[] axes = [.. data.Axes];
        if (at >= 0 && at < axes.Length)
            axes[at] = Cut(axes[at], data.Shape[(int)at], start, shape[(int)at], 1);
        return axes;
    }

    public Axis[]? Gather(OnnxNode node, (Axis[] Axes, IReadOnlyList<long> Shape)? input, IReadOnlyList<long> shape)
    {
        if (input is not { } data)
            return null;
        long at = node.Int("axis", 0);
        at = at < 0 ? at + data.Axes.Length : at;
        if (shape.Count == data.Axes.Length - 1)
            return [.. data.Axes.Where((_, i) => i != at)];
        if (shape.Count != data.Axes.Length || at >= shape.Count)
            return null;
        IReadOnlyList<long>? indices = shapes.ValuesOf(graph, node.Input(1));
        return [.. data.Axes.Select((axis, i) => i == at ? Picked(axis, data.Shape[i], indices, shape[i]) : axis)];
    }

    private IReadOnlyList<long>? Bound(OnnxNode node, string attribute, int input) =>
        node.Attribute(attribute)?.Ints is { Count: > 0 } stated ? stated : shapes.ValuesOf(graph, node.Input(input));

    private static Axis Picked(Axis axis, long size, IReadOnlyList<long>? indices, long count)
    {
        if (indices is not null && indices.Count == count)
        {
            long step = count > 1 ? indices[1] - indices[0] : 1;
            if (step != 0 && !indices.Where((index, i) => index != indices[0] + (i * step)).Any())
                return Cut(axis, size, indices[0], count, step);
        }
        return Cut(axis, size, null, count, 1);
    }

    /// <summary>
    /// Takes every <paramref name="step"/>-th index, beginning at a start, which is null if it is unknown.
    /// </summary>
    private static Axis Cut(Axis axis, long from, long? start, long size, long step)
    {
        if (size == from && step == 1)
            return axis;
        if (!axis.HasPositions)
            return size == from ? axis : Axis.New(size);
        if (axis.Outermost is { Kind: AxisKind.Row or AxisKind.Column } dimension && axis.Factors[0].Stride == 1)
            return Axis.Whole(Cut(dimension, start, size, step));
        if (start is not { } first || step != 1)
            return Axis.New(size, positions: true);
        first = first < 0 ? first + from : first;
        if (first <= axis.Prefix && first + size == from)
            return axis with { Prefix = axis.Prefix - (int)first };
        return Axis.New(size, positions: first + size > axis.Prefix);
    }

    private static Dimension Cut(Dimension of, long? start, long size, long step)
    {
        if (start is not { } first)
            return new(of.Kind, size, of.Mirrored, Segments.Elsewhere);
        if (Math.Abs(step) > 1 || step == -1)
        {
            Dimension turned = step < 0 ? of.Flipped() : of;
            bool all = size * Math.Abs(step) > of.Size - Math.Abs(step);
            return all ? turned.Resized(size) : new(of.Kind, size, turned.Mirrored, Segments.Elsewhere);
        }
        first = Math.Max(0, first < 0 ? first + of.Size : first);
        Segments cut = of.Segments is { Of: not null } segments
            ? segments.Cut(first, size)
            : new Segments(of, [(first, size)]);
        return new(of.Kind, size, of.Mirrored, cut);
    }
}
