using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.AdapterContract;

/// <summary>Files that are truncated or changed, or that have a wrong header.</summary>
public class DamagedPictureTests
{
    // These files end with an orientation after the pixels, or with digits of a number. Their truncation cannot be
    // detected.
    private static readonly string[] EndUnnoticed = ["png orientation 8 after the pixels", "pnm P3"];

    public static TheoryData<string> Pictures => [.. PillowPicture.Readable.Select(picture => picture.Name)];

    public static TheoryData<string> CutPictures => [.. Pictures.Select(row => row.Data).Except(EndUnnoticed)];

    /// <summary>Image libraries draw missing pixels in grey or black without an error.</summary>
    [Theory]
    [MemberData(nameof(CutPictures))]
    public void A_truncated_file_is_refused_or_read_completely(string name)
    {
        byte[] file = PillowPicture.Named(name).File;
        byte[] whole = LibraryImage.Load(file).Pixels.ToArray();
        int step = Math.Max(1, file.Length / 200);
        for (int length = file.Length - 1; length >= 0; length -= length > file.Length - 40 ? 1 : step)
            ReadOrRefused(file[..length])?.Should().Equal(whole, $"{length} of {file.Length} bytes of {name}");
    }

    [Theory]
    [InlineData("jpeg 4:4:4")]
    [InlineData("jpeg 4:2:0")]
    [InlineData("jpeg progressive")]
    [InlineData("jpeg grey")]
    [InlineData("jpeg cmyk")]
    public void A_JPEG_file_that_lacks_only_its_end_marker_is_read(string name)
    {
        PillowPicture picture = PillowPicture.Named(name);
        picture.File.AsSpan()[^2..].ToArray().Should().Equal(0xFF, 0xD9);
        picture.ShouldEqual(LibraryImage.Load(picture.File[..^2]));
        picture.ShouldEqual(LibraryImage.Load(picture.File[..^1]));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(90)]
    public void A_truncated_photograph_is_refused(int percent)
    {
        byte[] noise = new byte[3 * 64 * 64];
        new Random(1).NextBytes(noise);
        RgbImage picture = new(64, 64, noise);
        foreach (byte[] file in new[] { Adapter.EncodePng(picture), Adapter.EncodeJpeg(picture, 90) })
            PictureLoadingTests.Loading(file[..(file.Length * percent / 100)])
                .Should().Throw<InvalidDataException>().WithMessage("*cut short*");
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_changed_file_is_read_or_refused(string name)
    {
        PillowPicture picture = PillowPicture.Named(name);
        Random random = new(7);
        for (int trial = 0; trial < 60; trial++)
        {
            byte[] file = [.. picture.File];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            // Any exception other than InvalidDataException fails the test.
            ReadOrRefused(file, maxPixels: 1 << 16);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_535, 1)]
    [InlineData(1, 65_535)]
    public void A_picture_of_extreme_shape_is_read_and_prepared(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        RgbImage read = LibraryImage.Load(Adapter.EncodePng(new RgbImage(width, height, pixels)));
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
    public void A_header_of_an_invalid_size_is_refused(int width, int height) =>
        PictureLoadingTests.Loading(PngBytes.File(width, height, 10)).Should().Throw<InvalidDataException>();

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(65_536, 65_536)]
    [InlineData(10_001, 10_000)]
    public void A_header_of_too_many_pixels_is_refused_before_memory_is_allocated(int width, int height)
    {
        byte[] file = PngBytes.File(width, height, 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PictureLoadingTests.Loading(file).Should().Throw<InvalidDataException>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void A_decompression_bomb_allocates_no_more_than_its_pixels()
    {
        // 64 MB of zeros in 64 kB, after a header of 4 × 4 pixels and after a correct header that exceeds the bound.
        byte[] hidden = PngBytes.File(4, 4, 64_000_000), honest = PngBytes.File(4000, 5333, 64_000_000);
        hidden.Length.Should().BeLessThan(100_000);
        foreach (byte[] file in new[] { hidden, honest })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOrRefused(file, maxPixels: 1_000_000);
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        }
    }

    [Fact]
    public void An_animation_allocates_no_more_than_its_first_frame()
    {
        PillowPicture gif = PillowPicture.Named("gif");
        int image = gif.File.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0]);
        byte[] frame = gif.File[image..^1];
        byte[] animation = [.. gif.File[..image], .. Enumerable.Repeat(frame, 5000).SelectMany(f => f), 0x3B];
        long before = GC.GetAllocatedBytesForCurrentThread();
        gif.ShouldEqual(LibraryImage.Load(animation));
        // One frame has 273 pixels; 5,000 frames would take 5 MB.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void A_file_larger_than_its_pixels_allow_is_refused_while_it_is_read()
    {
        using TemporaryFile file = new(Adapter.EncodePng(new RgbImage(2, 2, new byte[12])));
        using (FileStream longer = File.OpenWrite(file.Path))
            longer.SetLength((64 << 20) + (8 * 4) + 1);
        FluentActions.Invoking(() => LibraryImage.Load(file.Path, maxPixels: 4))
            .Should().Throw<InvalidDataException>()
            .WithMessage("*67108897 bytes, more than the 67108896 allowed; raise maxPixels*");
        using FileStream stream = File.OpenRead(file.Path);
        FluentActions.Invoking(() => LibraryImage.Load(stream, maxPixels: 4))
            .Should().Throw<InvalidDataException>().WithMessage("The stream*maxPixels*");
        LibraryImage.Load(file.Path, maxPixels: 5).Width.Should().Be(2, "bytes after the picture are ignored");
    }

    private static byte[]? ReadOrRefused(byte[] file, long maxPixels = LibraryImage.DefaultMaxPixels)
    {
        try
        {
            return LibraryImage.Load(file, maxPixels).Pixels.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
