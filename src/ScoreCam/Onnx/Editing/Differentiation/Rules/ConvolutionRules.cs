using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Conv and ConvTranspose.</summary>
internal static class ConvolutionRules
{
    /// <summary>
    /// The number of input channels below which a transposed convolution is faster than a mirrored one.
    /// </summary>
    private const int FewChannels = 8;

    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
        [("Conv", Conv), ("ConvTranspose", ConvTranspose)];

    /// <summary>
    /// The gradient of a convolution is the transposed convolution with the same weights. At stride 1 this equals a
    /// convolution with mirrored weights, for which ONNX Runtime has its fastest kernels.
    /// </summary>
    private static void Conv(BackwardNode n)
    {
        RequireConstantWeights(n);
        long[] weights = n.ShapeOf(1);
        WindowAxis[] axes = WindowAxis.Of(n, weights[2..]);
        long group = n.Node.Int("group", 1);
        bool canMirror = axes.All(axis => axis.CanMirror);
        bool isDepthwise = group > 1 && weights[1] == 1;
        n.Give(0, canMirror && (isDepthwise || weights[1] * group >= FewChannels)
            ? Mirrored(n.G, Mirror(n.X(1), weights, group), axes, group)
            : Transposed(n.G, n.X(1), axes, group));
    }

    /// <summary>The gradient of a transposed convolution is the convolution with the same weights.</summary>
    private static void ConvTranspose(BackwardNode n)
    {
        RequireConstantWeights(n);
        long[] input = n.ShapeOf()[2..], output = n.OutputShape[2..];
        IReadOnlyList<long> kernel = n.ShapeOf(1)[2..];
        IReadOnlyList<long> strides = n.Node.Ints("strides") ?? [.. kernel.Select(_ => 1L)];
        IReadOnlyList<long> dilations = n.Node.Ints("dilations") ?? [.. kernel.Select(_ => 1L)];
        if (input.Concat(output).Any(size => size < 0))
            throw n.Unsupported("the size of its input is free");
        OnnxNode node = n.Node;
        string autoPad = node.Text("auto_pad", "NOTSET");
        long[] pads = [.. node.Ints("pads") ?? [.. kernel.Concat(kernel).Select(_ => 0L)]];
        bool isGiven = node.Ints("output_shape") is { Count: > 0 };
        for (int i = 0; i < kernel.Count && (isGiven || autoPad is "SAME_UPPER" or "SAME_LOWER"); i++)
        {
            // The size of the output is given, and the padding follows from it.
            long extent = ((kernel[i] - 1) * dilations[i]) + 1, added = node.Ints("output_padding")?[i] ?? 0;
            long total = Math.Max(0, ((input[i] - 1) * strides[i]) + added + extent - output[i]), half = total / 2;
            (pads[i], pads[kernel.Count + i]) = autoPad == "SAME_UPPER" ? (half, total - half) : (total - half, half);
        }
        n.Give(0, n.Graph.Emit(
            "Conv", [n.G, n.X(1)], OnnxAttribute.Of("strides", strides), OnnxAttribute.Of("dilations", dilations),
            OnnxAttribute.Of("pads", pads), OnnxAttribute.Of("group", node.Int("group", 1))));
    }

    /// <summary>
    /// The transposed convolution, which distributes each value over the window from which it was computed.
    /// </summary>
    public static Term Transposed(Term g, Term weights, WindowAxis[] axes, long group)
    {
        // Values that no window read get zeros, through output_padding, or through Pad if output_padding does not allow
        // as many.
        long[] leftover = [.. axes.Select(a => Math.Max(0, a.Leftover))];
        bool fits = axes.All(a => a.Leftover < a.Stride);
        // A window that exceeds the padding is cut off as if there were more padding.
        IEnumerable<long> before = axes.Select(a => a.Before);
        IEnumerable<long> after = axes.Select(a => a.After - Math.Min(0, a.Leftover));
        IReadOnlyList<OnnxAttribute> attributes =
        [
            OnnxAttribute.Of("strides", axes.Select(a => a.Stride).ToArray()),
            OnnxAttribute.Of("dilations", axes.Select(a => a.Dilation).ToArray()),
            OnnxAttribute.Of("pads", [.. before, .. after]),
            OnnxAttribute.Of("output_padding", fits ? leftover : new long[axes.Length]),
            OnnxAttribute.Of("group", group),
        ];
        Term spread = g.Graph.Emit("ConvTranspose", [g, weights], attributes);
        return fits ? spread : spread.Pad(new long[axes.Length + 2], [0, 0, .. leftover]);
    }

    /// <summary>A convolution at stride 1 with mirrored weights.</summary>
    private static Term Mirrored(Term g, Term weights, WindowAxis[] axes, long group)
    {
        Term whole = Convolved(weights);
        if (group == 1)
            g.Graph.Parts.Add(whole.Name, (start, end) => Convolved(weights.Slice(0, start, end)));
        return whole;

        Term Convolved(Term kernels) => g.Graph.Emit(
            "Conv", [g, kernels], OnnxAttribute.Of("dilations", axes.Select(a => a.Dilation).ToArray()),
            OnnxAttribute.Of("pads", WindowAxis.MirroredPads(axes)), OnnxAttribute.Of("group", group));
    }

    /// <summary>
    /// Returns the weights [outputs, inputs per group, kernel…] with inputs and outputs exchanged in every group and
    /// with the kernel reversed. ONNX Runtime computes this once, when it opens the session.
    /// </summary>
    private static Term Mirror(Term weights, long[] dims, long group)
    {
        long outputs = dims[0] / group, inputs = dims[1];
        long[] kernel = dims[2..];
        long[] rest = [.. Enumerable.Range(0, kernel.Length).Select(i => (long)i)];
        Term swapped = weights;
        if (group == 1)
            swapped = weights.Transpose([1, 0, .. rest.Select(i => i + 2)]);
        else if (outputs > 1 || inputs > 1)
            swapped = weights.Reshape([group, outputs, inputs, .. kernel])
                .Transpose([0, 2, 1, .. rest.Select(i => i + 3)]).Reshape([group * inputs, outputs, .. kernel]);
        return swapped.Flip([.. rest.Where(i => kernel[i] > 1).Select(i => i + 2)]);
    }

    private static void RequireConstantWeights(BackwardNode n)
    {
        if (n.Needs(1) || n.Needs(2))
            throw n.Unsupported("its weights depend on the picture");
    }
}
