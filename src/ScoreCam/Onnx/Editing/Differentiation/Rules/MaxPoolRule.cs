using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>
/// The gradient of MaxPool: the first maximum of each window, in row-major order, gets the gradient of the window.
/// <para>
/// The maximum of a window is found axis by axis: first the maximum of each row, then the maximum of the rows. Each
/// step works along one axis. It slices the i-th value of every window out of its input. The first of these values that
/// equals the maximum gets the gradient. The gradients return to the positions of the values and are summed.
/// </para>
/// <para>
/// During these steps, the channels are the last axis. The values of a window are then rows of channels, which are fast
/// to slice and to put back. MaxPool can also return the position of each maximum, but this takes 10 to 100 times as
/// long as the pool alone, and the sum over these positions takes even longer.
/// </para>
/// </summary>
internal static class MaxPoolRule
{
    private const int FirstSpatialAxis = 1;

    public static void Apply(BackwardNode n)
    {
        WindowAxis[] axes = WindowAxis.Of(n, n.Node.Ints("kernel_shape")!);
        long[] spatial = [.. Enumerable.Range(1, axes.Length).Select(axis => (long)axis)];
        long[] channelsLast = [0, .. spatial.Select(axis => axis + 1), 1];
        long[] channelsFirst = [0, axes.Length + 1, .. spatial];

        Term maxima = n.X().Transpose(channelsLast);
        var steps = new Stack<(int Axis, Term[] Values, Term Maxima)>();
        for (int axis = axes.Length - 1; axis >= 0; axis--)
        {
            Term[] values = Values(maxima, axes[axis], axes.Length, FirstSpatialAxis + axis);
            maxima = values.Length == 1 ? values[0] : n.Graph.Emit("Max", values);
            steps.Push((axis, values, maxima));
        }

        Term g = n.G.Transpose(channelsLast);
        if (n.TryGateHere(n.Node.Inputs[0]))
            g = (maxima > 0).Where(g, 0);
        foreach ((int axis, Term[] values, Term maximum) in steps)
            g = PutBack(Shares(values, maximum, g), axes[axis], axes.Length, FirstSpatialAxis + axis);
        n.Give(0, g.Transpose(channelsFirst));
    }

    /// <summary>Returns the i-th values of all windows along an axis, for each i.</summary>
    private static Term[] Values(Term x, WindowAxis window, int axes, int axis)
    {
        long last = (window.Output - 1) * window.Stride, after = Math.Max(0, last + window.Extent - window.End);
        Term padded = x.Pad(OnAxis(axes, axis, window.Before), OnAxis(axes, axis, after), float.NegativeInfinity);
        return [.. Enumerable.Range(0, (int)window.Kernel).Select(i =>
        {
            long start = i * window.Dilation;
            return padded.Slice(axis, start, start + last + 1, window.Stride);
        })];
    }

    /// <summary>Returns the gradient of each value. The first value that equals the maximum gets it.</summary>
    private static Term[] Shares(Term[] values, Term maximum, Term g)
    {
        var shares = new Term[values.Length];
        for (int i = 0; i < values.Length - 1; i++)
        {
            shares[i] = values[i].Equal(maximum).Where(g, 0);
            g -= shares[i];
        }
        shares[^1] = g;
        return shares;
    }

    /// <summary>
    /// Sums the gradients at the positions of their values. Along the axis, every stride-th position belongs to one
    /// plane.
    /// </summary>
    private static Term PutBack(Term[] shares, WindowAxis window, int axes, int axis)
    {
        GradientGraph graph = shares[0].Graph;
        long stride = window.Stride, rows = window.Output + ((window.Extent - 1) / stride);
        var planes = new Term?[stride];
        for (int i = 0; i < shares.Length; i++)
        {
            (long row, long plane) = Math.DivRem(i * window.Dilation, stride);
            long[] before = OnAxis(axes, axis, row), after = OnAxis(axes, axis, rows - row - window.Output);
            Term share = shares[i].Pad(before, after);
            planes[plane] = planes[plane] is { } sum ? sum + share : share;
        }
        Term whole = planes[0]!.Value;
        if (stride > 1)
        {
            // Concatenated on the next axis, the planes are in the order in which their positions alternate on this
            // axis.
            Term[] turns = [.. planes.Select(plane => plane ?? graph.ZerosLike(planes[0]!.Value.Name))];
            long[] shape = OnAxis(axes, axis, rows * stride);
            shape[axis + 1] = -1;
            whole = graph.Emit("Concat", turns, OnnxAttribute.Of("axis", axis + 1L)).Reshape(shape);
        }
        long beyond = (rows * stride) - window.End;
        if (beyond < 0)
            whole = whole.Pad(OnAxis(axes, axis, 0), OnAxis(axes, axis, -beyond));
        return beyond <= 0 && window.Before == 0 ? whole : whole.Slice(axis, window.Before, window.End);
    }

    /// <summary>Returns a number for one axis, and 0 for the others.</summary>
    private static long[] OnAxis(int axes, int axis, long number)
    {
        var numbers = new long[axes + 2];
        numbers[axis] = number;
        return numbers;
    }
}
