using FluentAssertions;
using ScoreCam.Images;
using SkiaSharp;
using Xunit;

namespace ScoreCam.Skia.Tests;

public class SkiaExtensionsTests
{
    private static readonly RgbImage Noise = MakeNoise(37, 23);

    [Fact]
    public void Png_takes_sides_that_jpeg_does_not()
    {
        byte[] pixels = new byte[3 * 1_000_000];
        new Random(2).NextBytes(pixels);
        SkiaImage.Load(new RgbImage(1_000_000, 1, pixels).ToPng()).Pixels.SequenceEqual(pixels).Should().BeTrue();
        FluentActions.Invoking(() => new RgbImage(1, 1_000_001, new byte[3_000_003]).ToPng()).Should().Throw<ArgumentException>().WithMessage("Png*1000000*1 × 1000001*");
    }

    [Fact]
    public void Bitmaps_lose_nothing()
    {
        using SKBitmap bitmap = Noise.ToSkia();
        bitmap.GetPixel(5, 3).Should().Be(new SKColor(Noise.Pixels[348], Noise.Pixels[349], Noise.Pixels[350]));
        bitmap.ToRgbImage().Pixels.ToArray().Should().Equal(Noise.Pixels.ToArray());
    }

    [Theory]
    [InlineData(SKColorType.Bgra8888)]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.RgbaF16)]
    public void Bitmaps_of_other_kinds_are_read(SKColorType type)
    {
        using SKBitmap rgba = Noise.ToSkia();
        using SKBitmap other = rgba.Copy(type);
        other.ToRgbImage().Pixels.ToArray().Should().Equal(Noise.Pixels.ToArray());
    }

    [Fact]
    public void A_bitmap_without_pixels_is_refused()
    {
        using SKBitmap bitmap = new();
        FluentActions.Invoking(bitmap.ToRgbImage).Should().Throw<ArgumentException>().WithMessage("*no pixels*");
    }

    [Fact]
    public void A_disposed_bitmap_is_refused()
    {
        SKBitmap bitmap = new(3, 2);
        bitmap.Dispose();
        FluentActions.Invoking(bitmap.ToRgbImage).Should().Throw<ObjectDisposedException>();
    }

    private static RgbImage MakeNoise(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(5).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
