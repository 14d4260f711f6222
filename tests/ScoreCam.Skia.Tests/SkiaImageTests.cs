using System.Security.Cryptography;
using FluentAssertions;
using ScoreCam.AdapterContract;
using ScoreCam.Images;
using ScoreCam.Tests.Support;
using SkiaSharp;
using Xunit;

namespace ScoreCam.Skia.Tests;

public class SkiaImageTests
{
    // Written by Pillow from one picture of 4 × 3 noise; the second string is what Pillow reads back, RGB.
    [Theory]
    [InlineData("PNG", "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAMklEQVR4nAEnANj/AP/kInnzvQaDZqhSwQC7llHzzRjsCPak5yQEF9lb3xhfCOqzztsbkmAT+hU+DMYAAAAASUVORK5CYII=", "/+QiefO9BoNmqFLBu5ZR880Y7Aj2pOck0m+s0q6w2vKpcs0/")]
    [InlineData("grey PNG", "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAGElEQVR4nGO89mmSHNPhP7yuTL+/1jwFADm4B+BtRtm+AAAAAElFTkSuQmCC", "1tbWyMjIWlpaeHh4mZmZxMTEZ2dnvb29lJSUubm54+PjoqKi")]
    [InlineData("palette PNG", "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADBAMAAABG2rP1AAAAGFBMVEXt62bzzRjSrrCP7XFyzT/Hg38Gg2bKLdyPUwoIAAAAEUlEQVR4nGMQTmcILGEIUgEAB58BtphwEwgAAAAASUVORK5CYII=", "880Yj+1xBoNmyi3cx4N/880Yyi3ccs0/x4N/0q6w0q6wcs0/")]
    [InlineData("GIF", "R0lGODdhBAADAIIAAPPNGNKusI/tcXLNP8eDfwaDZsot3AAAACwAAAAABAADAAAIEAABCChggAAAAwMIBAgwICAAOw==", "880Yj+1xBoNmyi3cx4N/880Yyi3ccs0/x4N/0q6w0q6wcs0/")]
    [InlineData("BMP", "Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgAAAAAACQAAADEDgAAxA4AAAAAAAAAAAAArG/SsK7SqfLaP81yUZa7GM3z9gjsJOekIuT/vfN5ZoMGwVKo", "/+QiefO9BoNmqFLBu5ZR880Y7Aj2pOck0m+s0q6w2vKpcs0/")]
    [InlineData("WebP", "UklGRmwAAABXRUJQVlA4TF8AAAAvA4AAAF+gKJLUqPihATO3D/TigXfu+DHTRsqPv7+Q10EQiQZ8EJQwIkBJAKANT6KeogI56J8GNjf/gbdbbf+iVmNLhfmZ3gyGCH5QIS1AFmBCs38akcWRRKwR/Y8dGwA=", "/+QiefO9BoNmqFLBu5ZR880Y7Aj2pOck0m+s0q6w2vKpcs0/")]
    [InlineData("PNG with alpha, on white", "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAPklEQVR4nAEzAMz/AP/kIgB5871ABoNmgKhSwf8Au5ZRAPPNGEDsCPaApOck/wQX2VsA3xhfAAjqswDO2xsAfBkXeIppysYAAAAASUVORK5CYII=", "////3fzugsGyqFLB/////PLF9YP6pOck////9Ovr7PjUcs0/")]
    public void Lossless_files_come_out_as_Pillow_reads_them(string kind, string file, string expected)
    {
        RgbImage image = SkiaImage.Load(Convert.FromBase64String(file));
        (image.Width, image.Height).Should().Be((4, 3), kind);
        image.Pixels.ToArray().Should().Equal(Convert.FromBase64String(expected), (actual, pillow) => Math.Abs(actual - pillow) <= (kind.Contains("alpha") ? 1 : 0), kind);
    }

    [Fact]
    public void Sixteen_bits_become_the_eight_upper_ones()
    {
        // By hand: pixels (0, 8000, FFFF) and (12FF, 1200, 7F80), and grey 8000 and 12FF. Rounding or cutting may differ by one.
        Near(SkiaImage.Load(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAIAAAAr0DSeAAAAFUlEQVR4nGNgYGhg+P9f6L8QQ30DABsrBKGJtHg1AAAAAElFTkSuQmCC")), 0, 0x80, 0xFF, 0x12, 0x12, 0x7F);
        Near(SkiaImage.Load(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNoYBD6DwADKAGS8qKGYQAAAABJRU5ErkJggg==")), 0x80, 0x80, 0x80, 0x12, 0x12, 0x12);

        static void Near(RgbImage image, params byte[] expected) =>
            image.Pixels.ToArray().Should().Equal(expected, (actual, wanted) => Math.Abs(actual - wanted) <= 1);
    }

    [Fact]
    public void A_printers_jpeg_becomes_colours()
    {
        // Pillow: CMYK (20, 120, 200, 30), 16 × 16, which it converts to (207, 119, 49).
        const string Cmyk = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9rK3K/Nuv2Eoooooooooooor/2Q==";
        RgbImage image = SkiaImage.Load(Convert.FromBase64String(Cmyk));
        image.Pixels.ToArray().Chunk(3).Should().AllSatisfy(p =>
        {
            ((int)p[0]).Should().BeCloseTo(207, 2);
            ((int)p[1]).Should().BeCloseTo(119, 2);
            ((int)p[2]).Should().BeCloseTo(49, 2);
        });
    }

    // SHA-256 of the pixels that Pillow 9.4 reads, and of those resized to 224 × 224 (bilinear, bicubic).
    [Theory]
    [InlineData("chelsea.png", "416b729128bfb2c3d1eb69bf9b1734a796293abc17939267b2dc94f8a5784031", "af5cb2be868c96c133dfc743993405898ddecaa6388c3f14601c385f94d89717", "5d1e3b65736dd28de340cf6fdccdd9d20f4219380fc233445f1dc9d4d3ab03af")]
    [InlineData("coffee.png", "0ce2b51640b9c95f19617f03eabf40c3f0368589cc1ee1190b70966165ac184f", "00dcee0315c7e8cf7de6545e637ebc4bccf4852548876cd921b711442be62853", "ec5bbc26e282170cfbb2253cb0c28b8fce230868885126d3b6822d6f4350fe95")]
    [InlineData("astronaut.png", "a8c429c18afa7b0fd5673e598d73a21225d94c864a71bbb3885126fdecb41071", "1b8467c224081c5fe7b48a254553c096fd548cc5fcebcdf99c4b5b8a0ff30b72", "16bff06bc3cfc3f3a04f073152b1e2311ccddd13f493f58cae10e7475b354587")]
    [InlineData("motorcycle_left.png", "ca829467c1d4f427da9c4862ba43829da6ac90afe1f75735e95dba9e3fd9620b", "3b4a8255f57f06e1a7090d6daedcacc206dc8992dbf3bc30577cbb9342fb5b79", "b105cc6079e9d1acceb5a47235ae8a0bc9a82d3b12f570ca2701c4787c8b5c3d")]
    public void Photographs_are_read_and_resized_as_by_Pillow_to_the_byte(string file, string pixels, string bilinear, string bicubic)
    {
        RgbImage image = SkiaImage.Load(SharedData.Require("photos", file));
        Hash(image).Should().Be(pixels);
        Hash(image.Resize(224, 224)).Should().Be(bilinear);
        Hash(image.Resize(224, 224, ResampleFilter.Bicubic)).Should().Be(bicubic);

        static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
    }

    [Fact]
    public void Another_colour_space_is_converted_to_sRGB()
    {
        // Display P3 (128, 128, 51) by hand: linear (0.2159, 0.2159, 0.0331) times P3's matrix into sRGB is (128, 128, 33). Grey stays grey.
        using SKBitmap bitmap = new(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3)));
        new byte[] { 128, 128, 51, 255, 90, 90, 90, 255 }.CopyTo(bitmap.GetPixelSpan());
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] fromFile = SkiaImage.Load(png.AsSpan()).Pixels.ToArray();
        fromFile.Should().Equal([128, 128, 33, 90, 90, 90], (a, b) => Math.Abs(a - b) <= 1);
        bitmap.ToRgbImage().Pixels.ToArray().Should().Equal(fromFile, (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void Streams_are_read_from_where_they_stand_and_stay_open()
    {
        byte[] png = new RgbImage(1, 1, [9, 8, 7]).ToPng();
        using MemoryStream stream = new([1, 2, .. png]);
        stream.Position = 2;
        SkiaImage.Load(stream).Pixels.ToArray().Should().Equal(9, 8, 7);
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void What_is_no_picture_is_refused_by_name()
    {
        FluentActions.Invoking(() => SkiaImage.Load("no-such.png")).Should().Throw<FileNotFoundException>().WithMessage("*no-such.png*");
        FluentActions.Invoking(() => SkiaImage.Load([])).Should().Throw<InvalidDataException>();
        using TemporaryFile file = new("hello"u8);
        FluentActions.Invoking(() => SkiaImage.Load(file.Path)).Should().Throw<InvalidDataException>().WithMessage($"*{file.Path}*5 bytes*");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_file_cut_short_is_refused(SKEncodedImageFormat format)
    {
        byte[] noise = new byte[3 * 64 * 64];
        new Random(1).NextBytes(noise);
        using SKBitmap bitmap = new RgbImage(64, 64, noise).ToSkia();
        byte[] whole = bitmap.Encode(format, 90).ToArray();
        SkiaImage.Load(whole).Width.Should().Be(64);
        foreach (int share in (int[])[20, 50, 90])
            FluentActions.Invoking(() => SkiaImage.Load(whole.AsSpan(0, whole.Length * share / 100))).Should().Throw<InvalidDataException>($"{share} % of a {format}");
    }

    [Fact]
    public void Too_many_pixels_are_refused_before_decoding()
    {
        // A PNG header of 30,000 × 30,000 pixels in 65 bytes.
        const string Huge = "iVBORw0KGgoAAAANSUhEUgAAdTAAAHUwCAIAAADpRW/tAAAACElEQVR4nAMAAAAAAUgGidIAAAAASUVORK5CYII=";
        FluentActions.Invoking(() => SkiaImage.Load(Convert.FromBase64String(Huge))).Should().Throw<InvalidDataException>().WithMessage("*30000 × 30000*100000000*maxPixels*");
        byte[] small = new RgbImage(3, 2, new byte[18]).ToPng();
        SkiaImage.Load(small, maxPixels: 6).Width.Should().Be(3);
        FluentActions.Invoking(() => SkiaImage.Load(small, maxPixels: 5)).Should().Throw<InvalidDataException>();
        FluentActions.Invoking(() => SkiaImage.Load(small, maxPixels: 0)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
