using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>The windows of a convolution or pool along one axis.</summary>
/// <param name="Input">The length of the input.</param>
/// <param name="Output">The number of windows.</param>
/// <param name="Kernel">The number of values in a window.</param>
/// <param name="Stride">The distance between windows.</param>
/// <param name="Dilation">The distance between the values in a window.</param>
/// <param name="Before">The padding before the first value.</param>
/// <param name="After">The padding after the last value.</param>
internal readonly record struct WindowAxis(
    long Input, long Output, long Kernel, long Stride, long Dilation, long Before, long After)
{
    /// <summary>The length of a window, including gaps.</summary>
    public long Extent => ((Kernel - 1) * Dilation) + 1;

    /// <summary>The end of the input, counted from the start of the padding.</summary>
    public long End => Before + Input;

    /// <summary>
    /// The number of values at the end of the padded input that no window reads. It is negative if the last window
    /// exceeds the padding, as ceil_mode allows.
    /// </summary>
    public long Leftover => Input + Before + After - ((Output - 1) * Stride) - Extent;

    /// <summary>Whether the windows have stride 1 and cover all padding values.</summary>
    public bool CanMirror => Stride == 1 && Before < Extent && After < Extent && Leftover == 0;

    /// <summary>Whether the windows neither overlap nor exceed the input, and there is no padding.</summary>
    public bool IsTiling => Stride >= Extent && Before == 0 && After == 0 && Leftover >= 0;

    /// <summary>Returns the padding with which windows over the output reach all positions of the input.</summary>
    public static long[] MirroredPads(WindowAxis[] axes) =>
        [.. axes.Select(a => a.Extent - 1 - a.Before), .. axes.Select(a => a.Extent - 1 - a.After)];

    /// <summary>
    /// Returns the axes of a convolution or pool, from its attributes and the shapes of its input and output.
    /// </summary>
    public static WindowAxis[] Of(BackwardNode n, IReadOnlyList<long> kernel)
    {
        long[] input = n.ShapeOf()[2..], output = n.OutputShape[2..];
        if (input.Concat(output).Any(size => size < 0))
            throw n.Unsupported("the size of its input is free");
        OnnxNode node = n.Node;
        int axes = input.Length;
        IReadOnlyList<long>? strides = node.Ints("strides"), dilations = node.Ints("dilations");
        IReadOnlyList<long>? pads = node.Ints("pads");
        string autoPad = node.Text("auto_pad", "NOTSET");
        return [.. Enumerable.Range(0, axes).Select(i =>
        {
            var axis = new WindowAxis(input[i], output[i], kernel[i], At(strides, i), At(dilations, i), 0, 0);
            if (autoPad is "SAME_UPPER" or "SAME_LOWER")
            {
                // SAME means as much padding as the windows need. With SAME_UPPER, an odd padding value is at the end.
                long total = Math.Max(0, -axis.Leftover), half = total / 2;
                return autoPad == "SAME_UPPER"
                    ? axis with { Before = half, After = total - half }
                    : axis with { Before = total - half, After = half };
            }
            return autoPad == "VALID" || pads is null ? axis : axis with { Before = pads[i], After = pads[axes + i] };
        })];

        static long At(IReadOnlyList<long>? values, int i) => values is { Count: > 0 } ? values[i] : 1;
    }
}
