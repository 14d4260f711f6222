using System.Buffers.Binary;
using System.IO.Compression;
using FluentAssertions;
using ScoreCam.AdapterContract;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Skia.Tests;

/// <summary>Pictures of extreme shape, that announce what they do not hold, or that hold too much.</summary>
public class HostilePictureTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_535, 1)]
    [InlineData(1, 65_535)]
    public void A_picture_of_extreme_shape_is_read_and_prepared(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        RgbImage read = SkiaImage.Load(new RgbImage(width, height, pixels).ToPng());
        read.Pixels.SequenceEqual(pixels).Should().BeTrue();
        foreach (Fit fit in Enum.GetValues<Fit>())
        {
            PreparedImage image = new Preprocessing { Fit = fit, Width = 32, Height = 24 }.Prepare(read, 3);
            (image.Width, image.Height).Should().Be((32, 24));
            image.Tensor.ToArray().Should().OnlyContain(value => float.IsFinite(value));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-1, 5)]
    [InlineData(int.MinValue, int.MinValue)]
    public void A_header_without_pixels_is_refused(int width, int height) =>
        FluentActions.Invoking(() => SkiaImage.Load(Png(width, height, 10))).Should().Throw<InvalidDataException>();

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(65_536, 65_536)]
    [InlineData(10_001, 10_000)]
    public void A_header_of_too_many_pixels_is_refused_before_memory_is_taken(int width, int height)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => SkiaImage.Load(Png(width, height, 10))).Should().Throw<InvalidDataException>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void A_decompression_bomb_costs_no_more_than_its_pixels()
    {
        // 64 MB of zeros in 64 kB, behind a header of 4 × 4 pixels; and the same behind one that is true, but over the bound.
        byte[] hidden = Png(4, 4, 64_000_000), honest = Png(4000, 5333, 64_000_000);
        hidden.Length.Should().BeLessThan(100_000);
        foreach (byte[] file in new[] { hidden, honest })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                SkiaImage.Load(file, maxPixels: 1_000_000).Width.Should().Be(4);
            }
            catch (InvalidDataException)
            {
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        }
    }

    [Fact]
    public void A_file_that_is_larger_than_its_pixels_can_be_is_refused_while_it_is_read()
    {
        using TemporaryFile file = new(new RgbImage(2, 2, new byte[12]).ToPng());
        using (FileStream longer = File.OpenWrite(file.Path))
            longer.SetLength((64 << 20) + (8 * 4) + 1);
        FluentActions.Invoking(() => SkiaImage.Load(file.Path, maxPixels: 4)).Should().Throw<InvalidDataException>().WithMessage("*67108897 bytes, more than the 67108896 allowed; raise maxPixels*");
        using FileStream stream = File.OpenRead(file.Path);
        FluentActions.Invoking(() => SkiaImage.Load(stream, maxPixels: 4)).Should().Throw<InvalidDataException>().WithMessage("The stream*maxPixels*");
        SkiaImage.Load(file.Path, maxPixels: 5).Width.Should().Be(2, "what follows a picture does no harm");
    }

    [Fact]
    public void The_contents_decide_and_not_the_extension()
    {
        using TemporaryFile file = new(new RgbImage(1, 1, [1, 2, 3]).ToPng());
        foreach (string extension in new[] { ".jpg", ".txt", "" })
        {
            string other = file.Path + ".as" + extension;
            File.Copy(file.Path, other);
            SkiaImage.Load(other).Pixels.ToArray().Should().Equal(1, 2, 3);
            File.Delete(other);
        }
        foreach (byte[] content in new[] { "%PDF-1.7"u8.ToArray(), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray(), [0x50, 0x4b, 3, 4], new byte[100] })
            FluentActions.Invoking(() => SkiaImage.Load(content)).Should().Throw<InvalidDataException>().WithMessage("*not a picture that can be decoded*");
    }

    /// <summary>A PNG file, RGB, of this header and so many bytes of zeros for pixels.</summary>
    private static byte[] Png(int width, int height, int zeros)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (byte[] block = new byte[Math.Min(zeros, 1 << 20)]; zeros > 0; zeros -= block.Length)
                zlib.Write(block, 0, Math.Min(zeros, block.Length));
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] length = new byte[4], sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        byte[] summed = [.. type, .. data];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(summed));
        return [.. length, .. summed, .. sum];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
