using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.AdapterContract;

/// <summary>
/// Tests that every image adapter must pass. Each adapter's test project links this folder. It has its own class
/// <c>Adapter</c>, and gives the adapter's loader the name <c>LibraryImage</c>.
/// </summary>
public class AdapterContractTests
{
    [Theory]
    [InlineData(37, 23)]
    [InlineData(1, 1)]
    [InlineData(1, 70_000)]
    public void Pixels_are_unchanged_after_conversion_in_both_directions(int width, int height)
    {
        byte[] noise = new byte[3 * width * height];
        new Random(5).NextBytes(noise);
        RgbImage back = Adapter.ThereAndBack(new RgbImage(width, height, noise));
        (back.Width, back.Height).Should().Be((width, height));
        back.Pixels.SequenceEqual(noise).Should().BeTrue();
    }

    [Fact]
    public void Transparency_is_blended_with_white()
    {
        RgbImage image = Adapter.FromRgba(3, 1, [200, 100, 0, 0, 200, 100, 0, 51, 200, 100, 0, 255]);
        image.Pixels.ToArray().Should().Equal(255, 255, 255, 244, 224, 204, 200, 100, 0);
    }

    [Fact]
    public void Every_colour_at_every_opacity_gives_the_rounded_blend_with_white()
    {
        byte[] rgba = new byte[4 * 256 * 256];
        for (int i = 0; i < 256 * 256; i++)
            (rgba[4 * i], rgba[(4 * i) + 3]) = ((byte)(i % 256), (byte)(i / 256));
        ReadOnlySpan<byte> pixels = Adapter.FromRgba(256, 256, rgba).Pixels;
        for (int i = 0; i < 256 * 256; i++)
        {
            double alpha = i / 256 / 255.0;
            double mixed = (i % 256 * alpha) + (255 * (1 - alpha));
            pixels[3 * i].Should().Be((byte)Math.Round(mixed), $"colour {i % 256} has alpha {i / 256}");
        }
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
        // Where the map is 0, the picture is unchanged. Where it is 1, half of the result is the colour.
        byte[] expected = [10, 20, 30, Half(10, red), Half(20, green), Half(30, blue)];

        RgbImage overlay = why.Overlay(new() { OpacityFollowsMap = true, Opacity = 0.5f });

        LibraryImage.Load(Adapter.EncodePng(overlay)).Pixels.ToArray().Should().Equal(expected);

        static byte Half(byte a, byte b) => (byte)Math.Round((a + b) / 2.0, MidpointRounding.AwayFromZero);
    }

    // SHA-256 of the pixels that Pillow 9.4 reads, and of those resized to 224 × 224 (bilinear).
    [Theory]
    [InlineData(
        "chelsea.png",
        "416b729128bfb2c3d1eb69bf9b1734a796293abc17939267b2dc94f8a5784031",
        "af5cb2be868c96c133dfc743993405898ddecaa6388c3f14601c385f94d89717")]
    [InlineData(
        "coffee.png",
        "0ce2b51640b9c95f19617f03eabf40c3f0368589cc1ee1190b70966165ac184f",
        "00dcee0315c7e8cf7de6545e637ebc4bccf4852548876cd921b711442be62853")]
    [InlineData(
        "astronaut.png",
        "a8c429c18afa7b0fd5673e598d73a21225d94c864a71bbb3885126fdecb41071",
        "1b8467c224081c5fe7b48a254553c096fd548cc5fcebcdf99c4b5b8a0ff30b72")]
    public void Photographs_are_read_and_resized_as_by_Pillow(string file, string pixels, string resized)
    {
        RgbImage image = LibraryImage.Load(Path.Combine(Tests.Support.SharedFolder.Repository, "photos", file));
        Hash(image).Should().Be(pixels);
        Hash(image.Resize(224, 224)).Should().Be(resized);

        static string Hash(RgbImage image) =>
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image.Pixels));
    }
}
