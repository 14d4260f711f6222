using CsCheck;
using FluentAssertions;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>Interpolation where its result is known in closed form.</summary>
public class BilinearProperties
{
    private static readonly Gen<int> Side = Gen.Int[1, 40];

    [Fact]
    public void A_ramp_stays_that_ramp_between_the_outermost_centres() =>
        Gen.Select(Side, Side, Side, Side, Gen.Select(Gen.Double[-10, 10], Gen.Double[-1, 1], Gen.Double[-1, 1]),
            Gen.Bool).Sample((height, width, toHeight, toWidth, ramp, corners) =>
        {
            (double start, double down, double right) = ramp;
            double At(double y, double x) => start + (down * y) + (right * x);
            float[] source = [.. Enumerable.Range(0, height * width).Select(i => (float)At(i / width, i % width))];
            float[] resized = Resized(source, height, width, toHeight, toWidth, corners);
            // Beyond the outermost centres the edge is repeated.
            double Position(int i, int from, int to) =>
                corners ? to == 1 ? 0 : (double)i * (from - 1) / (to - 1)
                : Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            for (int i = 0; i < resized.Length; i++)
                ((double)resized[i]).Should()
                    .BeApproximately(At(Position(i / toWidth, height, toHeight),
                    Position(i % toWidth, width, toWidth)), 5e-5);
        });

    [Fact]
    public void A_constant_stays_that_constant_to_the_bit() =>
        Gen.Select(Side, Side, Side, Side,
            Gen.UInt.Uniform.Select(BitConverter.UInt32BitsToSingle).Where(float.IsFinite), Gen.Bool)
            .Sample((height, width, toHeight, toWidth, value, corners) =>
            Resized([.. Enumerable.Repeat(value, height * width)], height, width, toHeight, toWidth, corners)
                .Select(BitConverter.SingleToUInt32Bits).Distinct()
                .Should().Equal(BitConverter.SingleToUInt32Bits(value)));

    [Fact]
    public void Columns_are_resized_as_the_rows_of_the_transposed_map() =>
        Gen.Select(Gen.Int[1, 12], Side, Side)
            .SelectMany((height, width, to) =>
            Gen.Single[-100, 100].Array[height * width].Select(values => (height, width, to, values))).Sample(plane =>
        {
            float[] columns = Resized(plane.values, plane.height, plane.width, plane.height, plane.to, false);
            float[] rows = Resized(Transposed(plane.values, plane.width), plane.width, plane.height, plane.to,
                plane.height, false);
            Transposed(rows, plane.height).Should().Equal(columns);
        });

    private static float[] Resized(float[] source, int height, int width, int toHeight, int toWidth, bool corners)
    {
        BilinearAxis rows = corners ? BilinearAxis.AlignCorners(height, toHeight)
            : BilinearAxis.HalfPixel(height, toHeight);
        BilinearAxis columns = corners ? BilinearAxis.AlignCorners(width, toWidth)
            : BilinearAxis.HalfPixel(width, toWidth);
        float[] resized = new float[toHeight * toWidth];
        Bilinear.Resize(source, rows, columns, new float[Bilinear.ScratchLength(rows, columns)], resized);
        return resized;
    }

    private static float[] Transposed(float[] values, int width) =>
        [.. Enumerable.Range(0, values.Length)
        .Select(i => values[(i % (values.Length / width) * width) + (i / (values.Length / width))])];
}
