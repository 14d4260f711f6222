using System.Buffers.Binary;
using System.IO.Compression;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class GrayPngTests
{
    [Fact]
    public void Holds_sixteen_bits_of_every_value()
    {
        float[] values = [0, 1, 0.5f, 1 / 65535f, 0.25f, 0.999f, 40000 / 65535f, 0.001f];
        using TemporaryFolder folder = new();
        new SaliencyMap(4, 2, values).SavePng16(folder.File("map.png"));
        (int width, int height, ushort[] pixels) = Decode(File.ReadAllBytes(folder.File("map.png")));
        (width, height).Should().Be((4, 2));
        // round(65535 · value)
        pixels.Should().Equal(0, 65535, 32768, 1, 16384, 65469, 40000, 66);
    }

    [Fact]
    public void Another_decoder_accepts_it_and_sees_the_same_grey()
    {
        float[] values = [.. Enumerable.Range(0, 70 * 50).Select(i => i * 37 % 1000 / 999f)];
        using MemoryStream png = new();
        new SaliencyMap(70, 50, values).SavePng16(png);
        // Skia checks the checksums; it keeps the upper eight bits.
        RgbImage decoded = SkiaImage.Load(png.ToArray());
        (decoded.Width, decoded.Height).Should().Be((70, 50));
        for (int i = 0; i < values.Length; i++)
            for (int c = 0; c < 3; c++)
                ((double)decoded.Pixels[(3 * i) + c]).Should().BeApproximately(255 * values[i], 1, $"pixel {i}");
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void What_it_cannot_hold_is_refused(float value) =>
        FluentActions.Invoking(() => new SaliencyMap(1, 2, [0, value]).SavePng16(new MemoryStream())).Should().Throw<InvalidOperationException>().WithMessage("*row 1, column 0*SaveNpy*");

    [Fact]
    public void Maps_are_saved_as_npy_too()
    {
        using TemporaryFolder folder = new();
        new SaliencyMap(3, 2, [1, 2, 3, 4, 5, -6.5f]).SaveNpy(folder.File("map.npy"));
        NpyArray array = NpyArray.Load(folder.File("map.npy"));
        array.Shape.Should().Equal(2, 3);
        array.Values.ToArray().Should().Equal(1, 2, 3, 4, 5, -6.5f);
    }

    /// <summary>A reader for just these files, by the PNG specification.</summary>
    private static (int Width, int Height, ushort[] Pixels) Decode(byte[] png)
    {
        png[..8].Should().Equal(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A);
        Dictionary<string, byte[]> chunks = [];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add(System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += length + 12;
        }
        byte[] header = chunks["IHDR"];
        header[8..].Should().Equal(16, 0, 0, 0, 0);
        (int width, int height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        using MemoryStream raw = new();
        using (ZLibStream zlib = new(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress))
            zlib.CopyTo(raw);
        byte[] rows = raw.ToArray();
        int stride = (2 * width) + 1;
        rows.Should().HaveCount(stride * height);
        ushort[] pixels = new ushort[width * height];
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = rows.AsSpan(y * stride, stride);
            row[0].Should().Be(1, "the filter is Sub");
            for (int i = 3; i < stride; i++)
                row[i] += row[i - 2];
            for (int x = 0; x < width; x++)
                pixels[(y * width) + x] = BinaryPrimitives.ReadUInt16BigEndian(row[(1 + (2 * x))..]);
        }
        return (width, height, pixels);
    }
}
