using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Pooling over windows and over whole maps.</summary>
internal static class PoolingRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("MaxPool", MaxPoolRule.Apply),
        ("AveragePool", AveragePool),
        ("GlobalAveragePool", n => n.Give(0, ReductionRules.Mean(n, n.G, Spatial(n)))),
        ("GlobalMaxPool", GlobalMaxPool),
    ];

    private static long[] Spatial(BackwardNode n) => [.. Enumerable.Range(2, n.Rank() - 2).Select(i => (long)i)];

    /// <summary>The first maximum of each map, in row-major order, gets the gradient.</summary>
    private static void GlobalMaxPool(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        long positions = dims[2..].Aggregate(1L, (product, size) => product * size);
        if (positions < 0)
            throw n.Unsupported("the size of its input is free");
        Term first = n.X().Reshape(dims[0], dims[1], positions).Emit("ArgMax", OnnxAttribute.Of("axis", 2L));
        Term position = n.Graph.Integers([.. Enumerable.Range(0, (int)positions).Select(i => (long)i)]);
        Term spread = position.Equal(first).Where(n.G.Reshape(dims[0], dims[1], 1), 0);
        n.Give(0, n.Graph.ReshapeLike(spread, n.Node.Inputs[0]));
    }

    /// <summary>Every value of a window gets an equal share of its gradient.</summary>
    private static void AveragePool(BackwardNode n)
    {
        IReadOnlyList<long> kernel = n.Node.Ints("kernel_shape")!;
        WindowAxis[] axes = WindowAxis.Of(n, kernel);
        Term g = Share(n, axes);
        long channels = n.ShapeOf()[1];
        if (axes.All(a => a.Output == 1 && a.Kernel == a.Input && a.Before == 0 && a.After == 0 && a.Dilation == 1))
            // One window covers everything.
            n.Give(0, g.Expand([1, 1, .. kernel]));
        else if (axes.Length == 2 && axes.All(a => a.IsTiling && a.Stride == a.Kernel))
            // The windows are side by side, so each value is repeated.
            n.Give(0, Repeated(g, axes));
        else if (axes.All(a => a.CanMirror && a.Dilation == 1))
            // At stride 1, the windows over a position are around it, so their sum is again an average.
            n.Give(0, g.Emit("AveragePool", OnnxAttribute.Of("kernel_shape", kernel),
                OnnxAttribute.Of("pads", WindowAxis.MirroredPads(axes)),
                OnnxAttribute.Of("count_include_pad", 1L)) * kernel.Aggregate(1L, (a, b) => a * b));
        else
            n.Give(0, ConvolutionRules.Transposed(g, n.Graph.Filled(1, [channels, 1, .. kernel]), axes, channels));
    }

    /// <summary>Returns the gradient divided by the number of values that each window averages.</summary>
    private static Term Share(BackwardNode n, WindowAxis[] axes)
    {
        bool padsCount = n.Node.Int("count_include_pad", 0) != 0;
        long[][] counts = [.. axes.Select(axis => Counts(axis, padsCount))];
        if (counts.All(axis => axis.Distinct().Count() == 1))
            return n.G * (1f / counts.Aggregate(1L, (product, axis) => product * axis[0]));
        // The count of a window is the product of its counts on all axes.
        float[] share = [1];
        foreach (long[] axis in counts)
            share = [.. share.SelectMany(before => axis.Select(count => before / count))];
        return n.G * n.Graph.Reals(share, [1, 1, .. axes.Select(axis => axis.Output)]);
    }

    /// <summary>
    /// Returns the number of values that count for each window: values inside the input, and padding values if padding
    /// counts.
    /// </summary>
    private static long[] Counts(WindowAxis axis, bool padsCount)
    {
        long first = padsCount ? -axis.Before : 0, end = axis.Input + (padsCount ? axis.After : 0);
        var counts = new long[axis.Output];
        for (int window = 0; window < counts.Length; window++)
            for (int k = 0; k < axis.Kernel; k++)
            {
                long position = (window * axis.Stride) - axis.Before + (k * axis.Dilation);
                counts[window] += position >= first && position < end ? 1 : 0;
            }
        return counts;
    }

    private static Term Repeated(Term g, WindowAxis[] axes)
    {
        float[] scales = [1, 1, .. axes.Select(a => (float)a.Stride)];
        Term none = g.Graph.Reals([], 0);
        Term repeated = g.Graph.Emit(
            "Resize", [g, none, g.Graph.Reals(scales, scales.Length)], OnnxAttribute.Of("mode", "nearest"),
            OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            OnnxAttribute.Of("nearest_mode", "floor"));
        return repeated.Pad(new long[axes.Length + 2], [0, 0, .. axes.Select(a => a.Leftover)]);
    }
}
