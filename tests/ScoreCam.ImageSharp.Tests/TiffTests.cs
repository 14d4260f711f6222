using FluentAssertions;
using Xunit;

namespace ScoreCam.ImageSharp.Tests;

/// <summary>Kinds of TIFF files that ImageSharp 2.1 does not decode.</summary>
public class TiffTests
{
    private const int Side = 16, Rgb = 2, Cmyk = 5, CieLab = 8;

    private const int ImageWidth = 256, ImageLength = 257, BitsPerSample = 258, Compression = 259, Photometric = 262;
    private const int StripOffsets = 273, SamplesPerPixel = 277, RowsPerStrip = 278, StripByteCounts = 279;
    private const int TileWidth = 322, TileLength = 323, TileOffsets = 324, TileByteCounts = 325;

    [Theory]
    [InlineData(Rgb, 3, true, "*Tiled*")]
    [InlineData(Cmyk, 4, false, "*photometric interpretation*Separated*")]
    [InlineData(CieLab, 3, false, "*photometric interpretation*CieLab*")]
    public void Kinds_of_TIFF_that_ImageSharp_does_not_decode_are_refused_with_advice(
        int photometric, int samples, bool isTiled, string message)
    {
        byte[] file = Tiff(photometric, samples, isTiled);
        FluentActions.Invoking(() => ImageSharpImage.Load(file))
            .Should().Throw<InvalidDataException>().WithMessage(message)
            .WithMessage("The data cannot be decoded: *. If other programs open it, save it as PNG or JPEG.");
    }

    [Fact]
    public void The_same_file_as_RGB_in_strips_is_read() =>
        ImageSharpImage.Load(Tiff(Rgb, 3, isTiled: false)).Pixels.ToArray().Should().OnlyContain(value => value == 90);

    /// <summary>A file of one strip or tile. All samples have the value 90.</summary>
    private static byte[] Tiff(int photometric, int samples, bool isTiled)
    {
        const int Header = 8;
        byte[] pixels = new byte[Side * Side * samples];
        pixels.AsSpan().Fill(90);
        int bits = Header + pixels.Length, directory = bits + (2 * samples);
        List<(int Tag, int Count, int Value)> entries =
        [
            (ImageWidth, 1, Side), (ImageLength, 1, Side), (BitsPerSample, samples, bits), (Compression, 1, 1),
            (Photometric, 1, photometric), (SamplesPerPixel, 1, samples),
        ];
        int offsets = isTiled ? TileOffsets : StripOffsets, counts = isTiled ? TileByteCounts : StripByteCounts;
        entries.AddRange([(offsets, 1, Header), (counts, 1, pixels.Length)]);
        entries.AddRange(isTiled ? [(TileWidth, 1, Side), (TileLength, 1, Side)] : [(RowsPerStrip, 1, Side)]);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("II*\0"u8);
        writer.Write(directory);
        writer.Write(pixels);
        for (int i = 0; i < samples; i++)
            writer.Write((ushort)8);
        writer.Write((ushort)entries.Count);
        foreach ((int tag, int count, int value) in entries.OrderBy(entry => entry.Tag))
        {
            const ushort Short = 3;
            writer.Write((ushort)tag);
            writer.Write(Short);
            writer.Write(count);
            writer.Write(value);
        }
        writer.Write(0);
        return stream.ToArray();
    }
}
