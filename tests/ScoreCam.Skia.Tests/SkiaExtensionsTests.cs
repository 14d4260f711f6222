using FluentAssertions;
using ScoreCam.Images;
using SkiaSharp;
using Xunit;

namespace ScoreCam.Skia.Tests;

public class SkiaExtensionsTests
{
    private static readonly RgbImage Noise = MakeNoise(37, 23);

    [Fact]
    public void Conversion_to_a_bitmap_and_back_is_lossless()
    {
        using SKBitmap bitmap = Noise.ToSkia();
        bitmap.GetPixel(5, 3).Should().Be(new SKColor(Noise.Pixels[348], Noise.Pixels[349], Noise.Pixels[350]));
        bitmap.ToRgbImage().Pixels.ToArray().Should().Equal(Noise.Pixels.ToArray());
    }

    [Theory]
    [InlineData(SKColorType.Bgra8888)]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.RgbaF16)]
    public void Bitmaps_of_other_colour_types_are_read(SKColorType type)
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
    public void A_disposed_bitmap_throws_ObjectDisposedException()
    {
        SKBitmap bitmap = new(3, 2);
        bitmap.Dispose();
        FluentActions.Invoking(bitmap.ToRgbImage).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Another_colour_space_is_converted_to_sRGB()
    {
        // Computed by hand: Display P3 (128, 128, 51) is linear (0.2159, 0.2159, 0.0331). The matrix of P3 converts it
        // to sRGB (128, 128, 33). Grey is unchanged.
        SKColorSpace displayP3 = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        using SKBitmap bitmap = new(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, displayP3));
        new byte[] { 128, 128, 51, 255, 90, 90, 90, 255 }.CopyTo(bitmap.GetPixelSpan());
        byte[] converted = bitmap.ToRgbImage().Pixels.ToArray();
        converted.Should().Equal([128, 128, 33, 90, 90, 90], (a, b) => Math.Abs(a - b) <= 1);
    }

    private static RgbImage MakeNoise(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(5).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
