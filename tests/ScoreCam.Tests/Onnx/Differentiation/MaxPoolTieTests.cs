using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx.Differentiation;

public class MaxPoolTieTests
{
    public static TheoryData<int, int, int, int, int> Windows => new(
        from kernel in new[] { 2, 3 }
        from stride in new[] { 1, 2, 4 }
        from dilation in new[] { 1, 2 }
        from pad in new[] { 0, 1 }
        from ceil in new[] { 0, 1 }
        select (kernel, stride, dilation, pad, ceil));

    /// <summary>Finite differences cannot test ties, so the windows are searched one by one.</summary>
    [Theory, MemberData(nameof(Windows))]
    public void The_first_maximum_in_row_major_order_takes_the_gradient(
        int kernel, int stride, int dilation, int pad, int ceil)
    {
        const int Channels = 3, Height = 9, Width = 8;
        var random = new Random(kernel + (10 * stride));
        // Few distinct values: most windows have several maxima.
        float[] x = [.. Enumerable.Range(0, Channels * Height * Width).Select(_ => (float)random.Next(-2, 1))];
        TinyModel model = new TinyModel(17).Input("x", 1, Channels, Height, Width).Op("MaxPool", "y", ["x"],
            Attribute("kernel_shape", kernel, kernel), Attribute("strides", stride, stride),
            Attribute("dilations", dilation, dilation), Attribute("pads", pad, pad, pad, pad),
            Attribute("ceil_mode", ceil)).Output();
        using var gradient = new GradientHarness(model.ToBytes(), _ => [1, Channels, Height, Width]);
        long[] shape = [1, .. gradient.Model.LogitsShape.Skip(1)];
        (int rows, int columns) = ((int)shape[2], (int)shape[3]);
        float[] seed = [.. Enumerable.Range(1, Channels * rows * columns).Select(i => (float)i)];

        var expected = new float[x.Length];
        for (int window = 0; window < seed.Length; window++)
        {
            (int channel, int place) = Math.DivRem(window, rows * columns);
            int best = -1;
            for (int k = 0; k < kernel * kernel; k++)
            {
                int row = (place / columns * stride) - pad + (k / kernel * dilation);
                int column = (place % columns * stride) - pad + (k % kernel * dilation);
                if (row is < 0 or >= Height || column is < 0 or >= Width)
                    continue;
                int at = (((channel * Height) + row) * Width) + column;
                if (best < 0 || x[at] > x[best])
                    best = at;
            }
            if (best >= 0)
                expected[best] += seed[window];
        }
        gradient.Run(x, [1, Channels, Height, Width], seed, shape).Gradients[0].Should().Equal(expected);
    }
}
