using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>
/// Operators that read some positions, or read positions several times: Slice, Pad, Gather and Resize.
/// </summary>
internal static class IndexRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
        [("Slice", Slice), ("Pad", Pad), ("Gather", Gather), ("Resize", Resize)];

    /// <summary>The positions that were read get the gradient, and all other positions get zeros.</summary>
    private static void Slice(BackwardNode n)
    {
        long[] before = n.ShapeOf(), dims = n.OutputShape;
        IReadOnlyList<long> starts = n.Integers(1)!;
        IReadOnlyList<long> axes = n.Integers(3) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        IReadOnlyList<long> steps = n.Integers(4) ?? [.. axes.Select(_ => 1L)];
        Term g = n.G;
        long[] front = new long[before.Length], back = new long[before.Length];
        for (int i = 0; i < axes.Count; i++)
        {
            int axis = (int)(axes[i] < 0 ? axes[i] + before.Length : axes[i]);
            long size = before[axis], count = dims[axis], step = Math.Abs(steps[i]);
            if (size < 0)
            {
                if (starts[i] != 0 || steps[i] != 1)
                    throw n.Unsupported("it cuts a dimension of free size");
                continue;
            }
            long first = starts[i] < 0 ? starts[i] + size : starts[i];
            first = Math.Clamp(first, 0, steps[i] < 0 ? size - 1 : size);
            if (steps[i] < 0)
            {
                // Reading backwards from the first position is the same as reading forwards from the last.
                first -= (count - 1) * step;
                g = g.Flip(axis);
            }
            if (step > 1)
                g = Spread(g, dims, axis, step);
            dims = [.. dims.Select((old, k) => k == axis ? ((count - 1) * step) + 1 : old)];
            (front[axis], back[axis]) = (first, size - first - dims[axis]);
        }
        n.Give(0, g.Pad(front, back));
    }

    /// <summary>Inserts step − 1 zeros between neighbours on one axis.</summary>
    private static Term Spread(Term g, long[] dims, int axis, long step)
    {
        long[] split = [.. dims[..(axis + 1)], 1, .. dims[(axis + 1)..]];
        long[] after = new long[split.Length];
        after[axis + 1] = step - 1;
        Term padded = g.Reshape(split).Pad(new long[split.Length], after);
        long[] merged = [.. dims.Select((size, i) => i == axis ? size * step : size)];
        return padded.Reshape(merged).Slice(axis, 0, ((dims[axis] - 1) * step) + 1);
    }

    /// <summary>
    /// The padding is removed. If the padding repeats values of the input, these values get its gradient too.
    /// </summary>
    private static void Pad(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        IReadOnlyList<long> stated = n.Integers(1)!;
        IReadOnlyList<long> axes = n.Integers(3) ?? [.. Enumerable.Range(0, dims.Length).Select(i => (long)i)];
        string mode = n.Node.Text("mode", "constant");
        Term g = n.G;
        long[] front = new long[dims.Length], back = new long[dims.Length];
        for (int i = 0; i < axes.Count; i++)
        {
            int axis = (int)(axes[i] < 0 ? axes[i] + dims.Length : axes[i]);
            long before = stated[i], after = stated[axes.Count + i], size = dims[axis];
            if (before == 0 && after == 0)
                continue;
            if (size < 0)
                throw n.Unsupported("it pads a dimension of free size");
            if (mode != "constant")
            {
                long[] source = [.. Enumerable.Range(0, (int)(before + size + after)).Select(k => Source(k - before))];
                g = g.Graph.Contract(g, axis, dims.Length, OneHot(g.Graph, source, size));
                continue;
            }
            // Negative padding crops the input, and the gradient is zero there.
            (front[axis], back[axis]) = (Math.Max(0, -before), Math.Max(0, -after));
            long kept = size - front[axis] - back[axis], start = Math.Max(0, before);
            if (before > 0 || after > 0)
                g = g.Slice(axis, start, start + kept);

            // Returns the position of the input that a position of the padded tensor shows.
            long Source(long position) => mode switch
            {
                "edge" => Math.Clamp(position, 0, size - 1),
                "wrap" => ((position % size) + size) % size,
                "reflect" => Mirrored(position, size),
                _ => throw n.Unsupported($"the mode '{mode}' has no rule"),
            };
        }
        n.Give(0, g.Pad(front, back));
    }

    private static long Mirrored(long position, long size)
    {
        while (size > 1 && (position < 0 || position >= size))
            position = position < 0 ? -position : (2 * (size - 1)) - position;
        return size > 1 ? position : 0;
    }

    /// <summary>
    /// Each position that was read gets its gradient. A position that was read several times gets the sum.
    /// </summary>
    private static void Gather(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        int axis = n.Axis("axis", 0);
        long size = dims[axis];
        if (n.Needs(1) || size < 0)
            throw n.Unsupported("it reads from a dimension of free size");
        long[] indices = [.. n.Integers(1)!.Select(index => index < 0 ? index + size : index)];
        long[] read = [.. dims.Select((old, i) => i == axis ? indices.Length : old)];
        Term g = n.Rank(1) == 1 ? n.G : n.G.Reshape(read);
        if (indices.Length > 1)
        {
            n.Give(0, n.Graph.Contract(g, axis, dims.Length, OneHot(n.Graph, indices, size)));
            return;
        }
        long[] front = new long[dims.Length], back = new long[dims.Length];
        (front[axis], back[axis]) = (indices[0], size - 1 - indices[0]);
        n.Give(0, g.Pad(front, back));
    }

    /// <summary>Returns a matrix of positions × size with a 1 at the source of each position.</summary>
    private static Term OneHot(GradientGraph graph, long[] sources, long size)
    {
        var matrix = new float[sources.Length * size];
        for (int i = 0; i < sources.Length; i++)
            matrix[(i * size) + sources[i]] = 1;
        return graph.Reals(matrix, sources.Length, size);
    }

    /// <summary>
    /// Resizing is linear and works axis by axis. y = M · x on each axis, so the gradient is Mᵀ · g. The matrix M is
    /// the same Resize of an identity matrix. ONNX Runtime computes it once, when it opens the session.
    /// </summary>
    private static void Resize(BackwardNode n)
    {
        long[] before = n.ShapeOf(), after = n.OutputShape;
        if (n.Node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
            throw n.Unsupported("tf_crop_and_resize has no rule");
        if (n.Node.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
            throw n.Unsupported("only the policy 'stretch' has a rule");
        float[]? scales = n.Graph.Tensors.Reals(n.Node.Input(2));
        IReadOnlyList<long> axes = n.Node.Ints("axes") ?? [];
        OnnxAttribute[] attributes =
            [.. n.Node.Attributes.Where(attribute => attribute.Name is not ("axes" or "keep_aspect_ratio_policy"))];
        Term g = n.G;
        for (int axis = 0; axis < before.Length; axis++)
        {
            if (before[axis] == after[axis])
                continue;
            if (before[axis] < 0)
                throw n.Unsupported("it resizes a dimension of free size");
            g = n.Graph.Contract(g, axis, before.Length, Matrix(axis));
        }
        n.Give(0, g);

        // Each row of the result is the contribution of one input position: new size × old size, transposed.
        Term Matrix(int axis)
        {
            int size = (int)before[axis];
            var identity = new float[size * size];
            for (int i = 0; i < size; i++)
                identity[i * (size + 1)] = 1;
            Term unit = n.Graph.Reals(identity, 1, 1, size, size), none = n.Graph.Reals([], 0);
            int index = axes.Count == 0 ? axis : axes.ToList().FindIndex(a => (a < 0 ? a + before.Length : a) == axis);
            Term[] inputs = scales is { Length: > 0 }
                ? [unit, none, n.Graph.Reals([1, 1, 1, scales[index]], 4)]
                : [unit, none, none, n.Graph.Integers(1, 1, size, after[axis])];
            return n.Graph.Emit("Resize", inputs, attributes).Reshape(size, after[axis]).Transpose(1, 0);
        }
    }
}
