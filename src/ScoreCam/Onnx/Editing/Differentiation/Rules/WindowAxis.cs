using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>How the windows of a convolution or pool lie on one axis.</summary>
/// <param name="Input">Length of the input.</param>
/// <param name="Output">Number of windows.</param>
/// <param name="Kernel">Values in a window.</param>
/// <param name="Stride">Distance of windows.</param>
/// <param name="Dilation">Distance of the values in a window.</param>
/// <param name="Before">Padding before the first value.</param>
/// <param name="After">Padding after the last value.</param>
internal readonly record struct WindowAxis(
    long Input, long Output, long Kernel, long Stride, long Dilation, long Before, long After)
{
    /// <summary>Length of a window, gaps included.</summary>
    public long Extent => ((Kernel - 1) * Dilation) + 1;

    /// <summary>Where the input ends, counted from the start of the padding.</summary>
    public long End => Before + Input;

    /// <summary>
    /// Values at the end of the padded input that no window reads; negative where the last window exceeds the padding,
    /// as ceil_mode allows.
    /// </summary>
    public long Leftover => Input + Before + After - ((Output - 1) * Stride) - Extent;

    /// <summary>Whether the windows lie at stride 1 and reach over every value of the padding.</summary>
    public bool CanMirror => Stride == 1 && Before < Extent && After < Extent && Leftover == 0;

    /// <summary>Windows neither overlap nor exceed the input, and there is no padding.</summary>
    public bool IsTiling => Stride >= Extent && Before == 0 && After == 0 && Leftover >= 0;

    /// <summary>The padding with which windows over the output reach all places of the input.</summary>
    public static long[] MirroredPads(WindowAxis[] axes) =>
        [.. axes.Select(a => a.Extent - 1 - a.Before), .. axes.Select(a => a.Extent - 1 - a.After)];

    /// <summary>
    /// The axes of a convolution or pool, from its attributes and the shapes of its input and output.
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
                // SAME: as much padding as the windows need; SAME_UPPER puts an odd one at the end.
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
