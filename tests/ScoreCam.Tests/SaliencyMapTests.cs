using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

public class SaliencyMapTests
{
    [Fact]
    public void Resize_interpolates_between_pixel_centres()
    {
        SaliencyMap map = new SaliencyMap(2, 1, [0, 1]).Resize(4, 2);
        (map.Width, map.Height).Should().Be((4, 2));
        map.Values.ToArray().Should().Equal(0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1);
    }

    [Theory]
    [InlineData("shapes")]
    [InlineData("everyday20")]
    public void Resize_agrees_with_PyTorch(string folder)
    {
        // The golden map is min–max of PyTorch's interpolation of the rectified raw map.
        Npy raw = Npy.Read(SharedData.Require("golden", folder, "paper.raw.npy"));
        Npy golden = Npy.Read(SharedData.Require("golden", folder, "paper.map.npy"));
        for (int i = 0; i < raw.Shape[0]; i++)
        {
            float[] rectified = [.. raw[i].ToArray().Select(v => Math.Max(0, v))];
            float[] up = new SaliencyMap(raw.Shape[2], raw.Shape[1], rectified)
                .Resize(golden.Shape[2], golden.Shape[1]).Values.ToArray();
            (float min, float max) = (up.Min(), up.Max());
            float worst = up.Zip(golden[i].ToArray(), (v, expected) => Math.Abs(((v - min) / (max - min)) - expected))
                .Max();
            worst.Should().BeLessThan(1e-6f, $"case {i}");
        }
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(100_000, 100_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(1_000_000_000, 1)]
    public void A_size_too_large_for_an_array_is_refused(int width, int height)
    {
        SaliencyMap map = new(1, 3, [0, 1, 2]);
        FluentActions.Invoking(() => map.Resize(width, height)).Should().Throw<ArgumentException>()
            .WithMessage($"*{width} × {height}*more than an array holds*");
        FluentActions.Invoking(() => map.OnPicture(PictureMapping.Identity(width, height))).Should()
            .Throw<ArgumentException>().WithMessage($"*{width} × {height}*more than an array holds*");
    }

    [Fact]
    public void A_map_of_a_stretched_picture_is_resized()
    {
        SaliencyMap map = new(7, 7, [.. Enumerable.Range(0, 49).Select(i => i * i % 17 / 17f)]);
        PictureMapping mapping = Preprocessing.Byte.Prepare(Blank(90, 31), height: 28, width: 28).Mapping;
        float[] expected = map.Resize(90, 31).Values.ToArray();
        float[] actual = map.OnPicture(mapping).Values.ToArray();
        actual.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
            actual[i].Should().BeApproximately(expected[i], 1e-6f);
    }

    [Fact]
    public void The_map_is_zero_where_the_picture_is_cropped()
    {
        // 100 × 40 covers 20 × 20 at scale 0.5. Columns 0…29 and 70…99 are cropped.
        PictureMapping mapping =
            (Preprocessing.Byte with { Fit = Fit.CenterCrop }).Prepare(Blank(100, 40), height: 20, width: 20).Mapping;
        SaliencyMap map = new SaliencyMap(5, 5, [.. Enumerable.Repeat(1f, 25)]).OnPicture(mapping);
        (map.Width, map.Height).Should().Be((100, 40));
        for (int y = 0; y < 40; y++)
            for (int x = 0; x < 100; x++)
                map[y, x].Should().Be(x is >= 30 and < 70 ? 1 : 0, $"at {x}, {y}");
    }

    [Fact]
    public void The_border_of_a_letterbox_is_left_out()
    {
        // A picture of 4 × 2 fills rows 2…5 of 8 × 8. The map marks the border with 9.
        PictureMapping mapping =
            (Preprocessing.Byte with { Fit = Fit.Letterbox }).Prepare(Blank(4, 2), height: 8, width: 8).Mapping;
        float[] values = new float[64];
        for (int i = 0; i < 64; i++)
            values[i] = i / 8 is >= 2 and < 6 ? i % 8 : 9;
        new SaliencyMap(8, 8, values).OnPicture(mapping).Values.ToArray().Should()
            .Equal(0.5f, 2.5f, 4.5f, 6.5f, 0.5f, 2.5f, 4.5f, 6.5f);
    }

    [Theory]
    [InlineData(Fit.Stretch)]
    [InlineData(Fit.CenterCrop)]
    [InlineData(Fit.Letterbox)]
    public void A_spot_in_the_input_is_mapped_to_its_place_in_the_picture(Fit fit)
    {
        // Prepare converts a white square in a black picture. Its red channel, used as a map, must cover the square
        // again.
        const int Width = 300, Height = 200;
        byte[] pixels = new byte[3 * Width * Height];
        for (int y = 80; y < 120; y++)
            pixels.AsSpan(3 * ((y * Width) + 170), 3 * 40).Fill(255);
        PreparedImage prepared =
            (Preprocessing.Unit with { Fit = fit })
            .Prepare(new RgbImage(Width, Height, pixels), height: 100, width: 100);
        SaliencyMap map = new SaliencyMap(100, 100, prepared.Tensor[..10_000]).OnPicture(prepared.Mapping);

        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                double inside = Math.Min(Math.Min(x + 0.5 - 170, 210 - (x + 0.5)),
                    Math.Min(y + 0.5 - 80, 120 - (y + 0.5)));
                if (Math.Abs(inside) > 6)
                    map[y, x].Should().Be(inside > 0 ? 1 : 0, $"at {x}, {y}");
            }

        double Centroid(Func<int, int, double> of) =>
            Enumerable.Range(0, Width * Height).Sum(i => of(i / Width, i % Width) * map.Values[i])
                / Enumerable.Range(0, Width * Height).Sum(i => (double)map.Values[i]);
        Centroid((_, x) => x + 0.5).Should().BeApproximately(190, 0.1);
        Centroid((y, _) => y + 0.5).Should().BeApproximately(100, 0.1);
    }

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        SaliencyMap map = new(1, 1, [0]);
        FluentActions.Invoking(() => map.Resize(0, 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithParameterName("width");
        FluentActions.Invoking(() => map.OnPicture(PictureMapping.Identity(0, 4))).Should().Throw<ArgumentException>()
            .WithMessage("*PictureWidth = 0*");
        FluentActions.Invoking(() => map.OnPicture(PictureMapping.Identity(4, 4) with { ScaleX = double.NaN }))
            .Should().Throw<ArgumentException>().WithMessage("*ScaleX = NaN*");
    }

    private static RgbImage Blank(int width, int height) => new(width, height, new byte[3 * width * height]);
}
