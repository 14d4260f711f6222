using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Reductions over axes. Their gradient is repeated along these axes.</summary>
internal static class ReductionRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("ReduceMean", Reduce((n, g, _, axes) => Mean(n, g, axes))),
        ("ReduceSum", Reduce((n, g, _, _) => Repeated(n, g))),
        ("ReduceMax", Reduce(Extremum)),
        ("ReduceMin", Reduce(Extremum)),
        // g · sign(x)
        ("ReduceL1", Reduce((n, g, _, _) => g * n.X().Emit("Sign"))),
        // g · x / y; 0 where all values are 0
        ("ReduceL2", Reduce((n, g, y, _) => g * (y > 0).Where(n.X() / y, 0))),
        // 2 · g · x
        ("ReduceSumSquare", Reduce((n, g, _, _) => g * n.X() * 2)),
        // y = log Σ x: g · exp(−y)
        ("ReduceLogSum", Reduce((n, g, y, _) => Repeated(n, g * (-y).Exp()))),
        // g · exp(x − y)
        ("ReduceLogSumExp", Reduce((n, g, y, _) => g * (n.X() - y).Exp())),
        // g · y / x
        ("ReduceProd", Reduce((n, g, y, _) => g * y / n.X())),
    ];

    private delegate Term Formula(BackwardNode n, Term g, Term y, long[] axes);

    /// <summary>g / count, repeated.</summary>
    public static Term Mean(BackwardNode n, Term g, long[] axes)
    {
        long[] dims = n.ShapeOf();
        long count = axes.Aggregate(1L, (product, axis) => product * dims[axis]);
        if (count < 1)
            throw n.Unsupported("it averages over a dimension of free size");
        return Repeated(n, g * (1f / count));
    }

    /// <summary>g, divided equally among all values that are the extremum.</summary>
    public static Term Extremum(BackwardNode n, Term g, Term y, long[] axes)
    {
        Term mask = n.X().Equal(y).Where(n.Graph.Constant(1f), 0);
        return mask * (g / mask.Sum(axes));
    }

    /// <summary>
    /// Returns the axes of a reduction, counted from the front and in order; null if they are not constant.
    /// </summary>
    public static long[]? Axes(BackwardNode n, OnnxNode reduction, int rank)
    {
        IReadOnlyList<long>? stated = reduction.Ints("axes");
        if (stated is null && reduction.Input(1) is { } input && (stated = n.Graph.Tensors.Integers(input)) is null)
            return null;
        if (stated is { Count: > 0 })
            return [.. stated.Select(axis => axis < 0 ? axis + rank : axis).Order()];
        bool reducesAll = reduction.Int("noop_with_empty_axes", 0) == 0;
        return reducesAll ? [.. Enumerable.Range(0, rank).Select(i => (long)i)] : [];
    }

    /// <summary>Repeats a reduced tensor to the shape of the input.</summary>
    private static Term Repeated(BackwardNode n, Term g)
    {
        long[] dims = n.ShapeOf();
        // Expand keeps the length of a free dimension if the requested length is 1.
        return g.Expand([.. dims.Select(size => Math.Max(1, size))]);
    }

    private static GradientRule Reduce(Formula formula) => n =>
    {
        long[] dims = n.ShapeOf();
        long[] axes = Axes(n, n.Node, dims.Length) ?? throw n.Unsupported("its axes are not constant");
        if (axes.Any(axis => dims[axis] < 0))
            throw n.Unsupported("it reduces a dimension of free size");
        bool keepsDims = n.Node.Int("keepdims", 1) != 0;
        long[] kept = [.. dims.Select((size, i) => axes.Contains(i) ? 1 : size)];
        Term Kept(Term reduced) => keepsDims ? reduced : reduced.Reshape(kept);
        n.Give(0, formula(n, Kept(n.G), Kept(n.Y), axes));
    };
}
