using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.AdapterContract;

/// <summary>What every picture adapter must do. Each adapter's test project links this file and has its own <c>Adapter</c>.</summary>
public class AdapterContractTests
{
    private static readonly RgbImage Noise = MakeNoise(37, 23);

    [Theory]
    [InlineData(37, 23)]
    [InlineData(1, 1)]
    [InlineData(1, 70_000)]
    public void Pixels_go_there_and_back_unchanged(int width, int height)
    {
        RgbImage image = MakeNoise(width, height);
        RgbImage back = Adapter.ThereAndBack(image);
        (back.Width, back.Height).Should().Be((width, height));
        back.Pixels.SequenceEqual(image.Pixels).Should().BeTrue();
    }

    [Fact]
    public void Transparency_is_laid_on_white() =>
        Adapter.FromRgba(3, 1, [200, 100, 0, 0, 200, 100, 0, 51, 200, 100, 0, 255]).Pixels.ToArray().Should().Equal(255, 255, 255, 244, 224, 204, 200, 100, 0);

    [Fact]
    public void Every_colour_at_every_opacity_is_the_rounded_mix_with_white()
    {
        byte[] rgba = new byte[4 * 256 * 256];
        for (int i = 0; i < 256 * 256; i++)
            (rgba[4 * i], rgba[(4 * i) + 3]) = ((byte)(i % 256), (byte)(i / 256));
        ReadOnlySpan<byte> pixels = Adapter.FromRgba(256, 256, rgba).Pixels;
        for (int i = 0; i < 256 * 256; i++)
        {
            double alpha = i / 256 / 255.0;
            pixels[3 * i].Should().Be((byte)Math.Round((i % 256 * alpha) + (255 * (1 - alpha))), $"colour {i % 256} has alpha {i / 256}");
        }
    }

    [Fact]
    public void Png_loses_nothing()
    {
        byte[] png = Noise.ToPng();
        // Bit depth 8, colour type 2 (RGB), in the header that begins every PNG.
        png.AsSpan(0, 8).ToArray().Should().Equal(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A);
        png[24].Should().Be(8);
        Adapter.Decode(png).Should().Equal(Noise.Pixels.ToArray());
    }

    [Fact]
    public void Jpeg_is_near_and_its_quality_counts()
    {
        RgbImage smooth = new(64, 64, [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (byte)(i / 3 % 64 * 2))]);
        Adapter.Decode(smooth.ToJpeg(95)).Should().Equal(smooth.Pixels.ToArray(), (a, b) => Math.Abs(a - b) <= 4);
        Noise.ToJpeg(10).Length.Should().BeLessThan(Noise.ToJpeg(95).Length);
        Noise.ToJpeg().Should().Equal(Noise.ToJpeg(90));
        foreach (int quality in (int[])[int.MinValue, 0, 101])
            FluentActions.Invoking(() => Noise.ToJpeg(quality)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("quality");
        FluentActions.Invoking(() => new RgbImage(70_000, 1, new byte[210_000]).ToJpeg()).Should().Throw<ArgumentException>().WithMessage("Jpeg*655*70000 × 1*");
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

    [Fact]
    public void An_overlay_is_drawn_on_the_picture_and_saved()
    {
        SaliencyMap map = new(2, 1, [0f, 1f]);
        Explanation why = new()
        {
            Method = "by hand",
            TargetName = "right half",
            Map = map,
            RawMap = map,
            Picture = Adapter.FromRgba(2, 1, [10, 20, 30, 255, 10, 20, 30, 255]),
            Mapping = PictureMapping.Identity(2, 1),
            ModelSha256 = "",
        };
        (byte red, byte green, byte blue) = Colormap.Turbo.Map(1);
        // Where the map is 0 the picture stays; where it is 1 half of it is the colour.
        byte[] expected = [10, 20, 30, Half(10, red), Half(20, green), Half(30, blue)];
        Adapter.Decode(why.Overlay(new() { OpacityFollowsMap = true }).ToPng()).Should().Equal(expected);

        static byte Half(byte a, byte b) => (byte)Math.Round((a + b) / 2.0, MidpointRounding.AwayFromZero);
    }

    [Fact]
    public void Nothing_is_refused_by_name()
    {
        RgbImage none = null!;
        FluentActions.Invoking(() => none.ToPng()).Should().Throw<ArgumentNullException>().WithParameterName("image");
        FluentActions.Invoking(() => none.ToJpeg()).Should().Throw<ArgumentNullException>().WithParameterName("image");
        FluentActions.Invoking(() => Noise.SavePng((Stream)null!)).Should().Throw<ArgumentNullException>().WithParameterName("stream");
        FluentActions.Invoking(() => Noise.SaveJpeg("")).Should().Throw<ArgumentException>().WithParameterName("path");
    }

    private static RgbImage MakeNoise(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(5).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
