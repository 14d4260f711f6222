using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

public class PngWriterTests
{
    [Fact]
    public void Grey_pixels_keep_sixteen_bits()
    {
        float[] values = [0, 1, 0.5f, 1 / 65535f, 0.25f, 0.999f, 40000 / 65535f, 0.001f];
        using TemporaryFolder folder = new();
        new SaliencyMap(4, 2, values).SavePng16(folder.File("map.png"));
        Decoded decoded = Decode(File.ReadAllBytes(folder.File("map.png")));
        (decoded.Width, decoded.Height, decoded.BitDepth, decoded.ColorType).Should().Be((4, 2, 16, 0));
        // round(65535 · value)
        decoded.Bytes.Chunk(2).Select(pair => BinaryPrimitives.ReadUInt16BigEndian(pair))
            .Should().Equal(0, 65535, 32768, 1, 16384, 65469, 40000, 66);
    }

    [Fact]
    public void Another_decoder_reads_the_same_grey()
    {
        float[] values = [.. Enumerable.Range(0, 70 * 50).Select(i => i * 37 % 1000 / 999f)];
        using MemoryStream png = new();
        new SaliencyMap(70, 50, values).SavePng16(png);
        // Skia checks the checksums and keeps the upper eight bits.
        RgbImage decoded = SkiaImage.Load(png.ToArray());
        (decoded.Width, decoded.Height).Should().Be((70, 50));
        for (int i = 0; i < values.Length; i++)
            for (int c = 0; c < 3; c++)
                ((double)decoded.Pixels[(3 * i) + c]).Should().BeApproximately(255 * values[i], 1, $"pixel {i}");
    }

    public static TheoryData<string> Pictures => ["photo", "noise", "stripes", "one pixel"];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Colours_are_written_without_loss(string name)
    {
        RgbImage picture = Picture(name);
        using MemoryStream png = new();
        picture.SavePng(png);
        png.CanWrite.Should().BeTrue("the stream stays open");

        RgbImage bySkia = SkiaImage.Load(png.ToArray());
        (bySkia.Width, bySkia.Height).Should().Be((picture.Width, picture.Height));
        bySkia.Pixels.ToArray().Should().Equal(picture.Pixels.ToArray());
        Decoded decoded = Decode(png.ToArray());
        (decoded.BitDepth, decoded.ColorType).Should().Be((8, 2));
        decoded.Bytes.Should().Equal(picture.Pixels.ToArray());

        using TemporaryFolder folder = new();
        picture.SavePng(folder.File("a.png"));
        File.ReadAllBytes(folder.File("a.png")).Should().Equal(png.ToArray());
    }

    [Fact]
    public void A_photograph_is_compressed()
    {
        RgbImage photo = Picture("photo");
        using MemoryStream png = new();
        photo.SavePng(png);
        png.Length.Should().BeLessThan(photo.Pixels.Length * 7 / 10);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void A_map_outside_of_0_to_1_is_refused(float value) =>
        FluentActions.Invoking(() => new SaliencyMap(1, 2, [0, value]).SavePng16(new MemoryStream()))
            .Should().Throw<InvalidOperationException>().WithMessage("*row 1, column 0*SaveNpy*");

    [Fact]
    public void Maps_are_saved_as_npy_too()
    {
        using TemporaryFolder folder = new();
        new SaliencyMap(3, 2, [1, 2, 3, 4, 5, -6.5f]).SaveNpy(folder.File("map.npy"));
        NpyArray array = NpyArray.Load(folder.File("map.npy"));
        array.Shape.Should().Equal(2, 3);
        array.Values.ToArray().Should().Equal(1, 2, 3, 4, 5, -6.5f);
    }

    private static RgbImage Picture(string name)
    {
        var random = new Random(1);
        return name switch
        {
            "photo" => SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", "chelsea.png")),
            "noise" => new(31, 17, [.. Enumerable.Range(0, 31 * 17 * 3).Select(_ => (byte)random.Next(256))]),
            "stripes" => new(40, 9, [.. Enumerable.Range(0, 40 * 9 * 3).Select(i => (byte)(i / 360 * 31 + (i % 3)))]),
            _ => new(1, 1, [1, 128, 255]),
        };
    }

    /// <summary>Reads a PNG file that is not interlaced, by the specification.</summary>
    private static Decoded Decode(byte[] png)
    {
        png[..8].Should().Equal(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A);
        Dictionary<string, byte[]> chunks = [];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add(Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += length + 12;
        }
        byte[] header = chunks["IHDR"];
        header[10..].Should().Equal(0, 0, 0);
        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        int size = header[9] == 2 ? 3 : 2, stride = width * size;
        using MemoryStream raw = new();
        using (ZLibStream zlib = new(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress))
            zlib.CopyTo(raw);
        byte[] rows = raw.ToArray(), bytes = new byte[stride * height];
        rows.Should().HaveCount((stride + 1) * height);
        for (int i = 0; i < bytes.Length; i++)
        {
            int y = i / stride, x = i % stride;
            int left = x < size ? 0 : bytes[i - size], above = y == 0 ? 0 : bytes[i - stride];
            int aboveLeft = x < size || y == 0 ? 0 : bytes[i - stride - size];
            int predicted = rows[y * (stride + 1)] switch
            {
                0 => 0,
                1 => left,
                2 => above,
                3 => (left + above) / 2,
                4 => new[] { left, above, aboveLeft }.MinBy(v => Math.Abs(left + above - aboveLeft - v)),
                byte other => throw new InvalidDataException($"Filter {other} does not exist."),
            };
            bytes[i] = (byte)(rows[(y * (stride + 1)) + 1 + x] + predicted);
        }
        return new(width, height, header[8], header[9], bytes);
    }

    private sealed record Decoded(int Width, int Height, int BitDepth, int ColorType, byte[] Bytes);
}
