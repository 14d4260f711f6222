using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Images;

public class ResamplerTests
{
    [Fact]
    public void Every_byte_equals_that_of_Pillow()
    {
        IReadOnlyList<PillowCase> cases = PillowCase.Read("resize");
        cases.Should().HaveCount(24 + 36);
        foreach (PillowCase c in cases)
        {
            string filter = c.Facts.GetProperty("filter").GetString()!;
            RgbImage resized = c.Source.Resize(c.Width, c.Height, Enum.Parse<ResampleFilter>(filter));
            (resized.Width, resized.Height).Should().Be((c.Width, c.Height));
            string why = $"{filter} {c.Source.Width}×{c.Source.Height} → {c.Width}×{c.Height}";
            resized.Pixels.ToArray().Should().Equal(c.Expected, why);
        }
    }

    [Theory]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Bicubic)]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Lanczos)]
    public void A_window_has_the_pixels_of_the_whole_picture(ResampleFilter filter)
    {
        RgbImage source = PillowCase.Read("resize").First(c => c.Source.Width == 33).Source;
        RgbImage whole = Resampler.Resize(source, 50, 12, filter);
        RgbImage window = Resampler.Resize(source, 50, 12, new Resampler.Window(9, 3, 20, 5), filter);
        for (int y = 0; y < 5; y++)
        {
            byte[] expected = whole.Pixels.Slice(3 * ((50 * (y + 3)) + 9), 60).ToArray();
            window.Pixels.Slice(3 * 20 * y, 60).ToArray().Should().Equal(expected);
        }
    }

    [Fact]
    public void One_color_stays_that_color()
    {
        RgbImage source = new(3, 2, [.. Enumerable.Repeat<byte[]>([7, 128, 255], 6).SelectMany(p => p)]);
        RgbImage resized = source.Resize(100, 77, ResampleFilter.Bicubic);
        resized.Pixels.ToArray().Chunk(3).Should().AllSatisfy(p => p.Should().Equal(7, 128, 255));
    }

    [Fact]
    public void An_extreme_picture_is_cropped_without_being_resized_as_a_whole()
    {
        RgbImage source = new(100_000, 1, new byte[300_000]);
        Preprocessing preprocessing = new() { Fit = Fit.CenterCrop, ShortestEdge = 256 };
        PreparedImage prepared = preprocessing.Prepare(source, height: 224, width: 224);
        prepared.Tensor.Length.Should().Be(3 * 224 * 224);
    }

    [Theory]
    [InlineData(0, 1, ResampleFilter.Bilinear, "width")]
    [InlineData(1, -1, ResampleFilter.Bilinear, "height")]
    [InlineData(1, 1, (ResampleFilter)17, "filter")]
    public void Impossible_requests_are_refused(int width, int height, ResampleFilter filter, string name) =>
        FluentActions.Invoking(() => new RgbImage(2, 2, new byte[12]).Resize(width, height, filter))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name);

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_result_too_large_for_an_array_is_refused(int width, int height) =>
        FluentActions.Invoking(() => new RgbImage(1, 1, new byte[3]).Resize(width, height))
            .Should().Throw<ArgumentException>().WithMessage($"*{width} × {height}*smaller*");
}
