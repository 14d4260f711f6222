using FluentAssertions;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Numerics;

public class BilinearTests
{
    [Fact]
    public void Half_pixel_matches_the_centres() =>
        Row(BilinearAxis.HalfPixel(2, 4), 0, 1).Should().Equal(0, 0.25f, 0.75f, 1);

    [Fact]
    public void Half_pixel_shrinks_without_antialiasing() =>
        Row(BilinearAxis.HalfPixel(4, 2), 0, 1, 10, 11).Should().Equal(0.5f, 10.5f);

    [Fact]
    public void Aligned_corners_keep_the_ends() =>
        Row(BilinearAxis.AlignCorners(3, 5), 0, 1, 4).Should().Equal(0, 0.5f, 1, 2.5f, 4);

    [Fact]
    public void One_aligned_output_is_the_first_input() => Row(BilinearAxis.AlignCorners(3, 1), 5, 6, 7)
        .Should().Equal(5);

    [Fact]
    public void One_input_fills_every_output()
    {
        Row(BilinearAxis.AlignCorners(1, 3), 5).Should().Equal(5, 5, 5);
        Row(BilinearAxis.HalfPixel(1, 3), 5).Should().Equal(5, 5, 5);
    }

    [Theory]
    [InlineData(7, 7, 224, 224, true)]
    [InlineData(13, 5, 40, 31, true)]
    [InlineData(7, 7, 224, 224, false)]
    [InlineData(9, 4, 5, 21, false)]
    public void A_plane_equals_the_weighted_sum_of_its_four_neighbours(
        int h, int w, int height, int width, bool halfPixel)
    {
        Random random = new(3);
        float[] source = [.. Enumerable.Range(0, h * w).Select(_ => (random.NextSingle() * 2) - 1)];
        BilinearAxis rows = halfPixel ? BilinearAxis.HalfPixel(h, height) : BilinearAxis.AlignCorners(h, height);
        BilinearAxis columns = halfPixel ? BilinearAxis.HalfPixel(w, width) : BilinearAxis.AlignCorners(w, width);
        float[] actual = new float[height * width];
        Bilinear.Resize(source, rows, columns, new float[Bilinear.ScratchLength(rows, columns)], actual);

        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                // Tent weights over the whole plane, in double. They share no index arithmetic with the code.
                double sy = Position(y, h, height), sx = Position(x, w, width), expected = 0;
                for (int i = 0; i < h; i++)
                    for (int j = 0; j < w; j++)
                    {
                        double weight = Math.Max(0, 1 - Math.Abs(sy - i)) * Math.Max(0, 1 - Math.Abs(sx - j));
                        expected += source[(i * w) + j] * weight;
                    }
                actual[(y * width) + x].Should().BeApproximately((float)expected, 1e-6f);
            }

        double Position(int i, int from, int to) => Math.Min(from - 1, Math.Max(0, halfPixel
            ? ((i + 0.5) / to * from) - 0.5
            : to == 1 ? 0 : (double)i / (to - 1) * (from - 1)));
    }

    [Fact]
    public void A_constant_stays_exactly_constant()
    {
        (BilinearAxis rows, BilinearAxis columns) = (BilinearAxis.HalfPixel(7, 224), BilinearAxis.HalfPixel(7, 219));
        float[] source = new float[49];
        Array.Fill(source, 0.1f);
        float[] actual = new float[224 * 219];
        Bilinear.Resize(source, rows, columns, new float[Bilinear.ScratchLength(rows, columns)], actual);
        actual.Should().OnlyContain(v => v == 0.1f);
    }

    [Fact]
    public void Resizing_allocates_nothing()
    {
        BilinearAxis axis = BilinearAxis.HalfPixel(7, 32);
        (float[] source, float[] scratch, float[] destination) =
            (new float[49], new float[Bilinear.ScratchLength(axis, axis)], new float[1024]);
        Bilinear.Resize(source, axis, axis, scratch, destination);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Bilinear.Resize(source, axis, axis, scratch, destination);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Planes_of_another_size_are_refused()
    {
        BilinearAxis axis = BilinearAxis.HalfPixel(2, 4);
        FluentActions.Invoking(() => Bilinear.Resize(new float[5], axis, axis, new float[8], new float[16]))
            .Should().Throw<ArgumentException>().WithParameterName("source").WithMessage("*4 values, not 5*");
        FluentActions.Invoking(() => Bilinear.Resize(new float[4], axis, axis, new float[8], new float[15]))
            .Should().Throw<ArgumentException>().WithParameterName("destination");
    }

    private static float[] Row(BilinearAxis axis, params float[] source)
    {
        BilinearAxis one = BilinearAxis.HalfPixel(1, 1);
        float[] destination = new float[axis.OutputLength];
        Bilinear.Resize(source, one, axis, new float[axis.OutputLength], destination);
        return destination;
    }
}
