using FluentAssertions;
using ScoreCam.Imaging;
using SkiaSharp;
using Xunit;

namespace ScoreCam.Skia.Tests;

public class SkiaExtensionsTests
{
    private static readonly RgbImage Noise = MakeNoise(37, 23);

    [Fact]
    public void Png_loses_nothing() =>
        SkiaImage.Load(Noise.ToPng()).Pixels.ToArray().Should().Equal(Noise.Pixels.ToArray());

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
    public void Transparency_is_laid_on_white()
    {
        using SKBitmap bitmap = new(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 0, 0));
        bitmap.SetPixel(1, 0, new SKColor(200, 100, 0, 51));
        bitmap.ToRgbImage().Pixels.ToArray().Should().Equal(255, 255, 255, 244, 224, 204);
    }

    [Fact]
    public void A_bitmap_without_pixels_is_refused()
    {
        using SKBitmap bitmap = new();
        FluentActions.Invoking(bitmap.ToRgbImage).Should().Throw<ArgumentException>().WithMessage("*no pixels*");
    }

    [Fact]
    public void Jpeg_is_near_and_its_quality_counts()
    {
        RgbImage smooth = new(64, 64, [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (byte)(i / 3 % 64 * 2))]);
        SkiaImage.Load(smooth.ToJpeg(95)).Pixels.ToArray().Should().Equal(smooth.Pixels.ToArray(), (a, b) => Math.Abs(a - b) <= 4);
        Noise.ToJpeg(10).Length.Should().BeLessThan(Noise.ToJpeg(95).Length);
        FluentActions.Invoking(() => Noise.ToJpeg(101)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("quality");
        FluentActions.Invoking(() => new RgbImage(70_000, 1, new byte[210_000]).ToJpeg()).Should().Throw<ArgumentException>().WithMessage("Jpeg*65500*70000 × 1*");
    }

    [Fact]
    public void Files_and_streams_hold_the_same_bytes()
    {
        using TemporaryFile file = new("what was here before"u8);
        Noise.SavePng(file.Path);
        File.ReadAllBytes(file.Path).Should().Equal(Noise.ToPng());
        using MemoryStream stream = new();
        Noise.SavePng(stream);
        stream.ToArray().Should().Equal(Noise.ToPng());

        Noise.SaveJpeg(file.Path, 80);
        File.ReadAllBytes(file.Path).Should().Equal(Noise.ToJpeg(80));
        stream.SetLength(0);
        Noise.SaveJpeg(stream, 80);
        stream.ToArray().Should().Equal(Noise.ToJpeg(80));
        Directory.GetFiles(file.Folder).Should().Equal(file.Path);
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        using TemporaryFile file = new("kept"u8);
        FluentActions.Invoking(() => new RgbImage(70_000, 1, new byte[210_000]).SaveJpeg(file.Path)).Should().Throw<ArgumentException>();
        File.ReadAllText(file.Path).Should().Be("kept");

        string folder = Path.Combine(file.Folder, "folder");
        Directory.CreateDirectory(folder);
        FluentActions.Invoking(() => Noise.SavePng(folder)).Should().Throw<Exception>();
        Directory.GetFiles(file.Folder).Should().Equal(file.Path);
        FluentActions.Invoking(() => Noise.SavePng(Path.Combine(file.Folder, "none", "a.png"))).Should().Throw<DirectoryNotFoundException>();
    }

    private static RgbImage MakeNoise(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(5).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
