using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.AdapterContract;

/// <summary>Picture files are read as by Pillow.</summary>
public class PictureLoadingTests
{
    public static TheoryData<string> Pictures => PillowPicture.Names;

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pixels_equal_those_of_Pillow(string name)
    {
        PillowPicture picture = PillowPicture.Named(name);
        if (Adapter.DoesNotRead(picture.Format))
            Loading(picture.File)
                .Should().Throw<InvalidDataException>().WithMessage("*which * does not read. Expected*");
        else
            picture.ShouldEqual(LibraryImage.Load(picture.File));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void An_undefined_orientation_is_ignored(byte orientation)
    {
        PillowPicture upright = PillowPicture.Named("jpeg orientation 1");
        byte[] file = [.. upright.File];
        // The little-endian entry: the tag, the type SHORT, one value, and the value 1.
        int entry = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0]);
        file[entry + 8] = orientation;
        upright.ShouldEqual(LibraryImage.Load(file));
    }

    [Fact]
    public void Files_streams_and_bytes_give_the_same_picture()
    {
        PillowPicture picture = PillowPicture.Named("png RGB");
        using TemporaryFile file = new(picture.File);
        picture.ShouldEqual(LibraryImage.Load(file.Path));
        // A stream is read from its position, and it stays open.
        using MemoryStream stream = new([1, 2, .. picture.File]);
        stream.Position = 2;
        picture.ShouldEqual(LibraryImage.Load(stream));
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void The_contents_determine_the_format_and_not_the_extension()
    {
        PillowPicture picture = PillowPicture.Named("png RGB");
        using TemporaryFile file = new(picture.File);
        foreach (string extension in new[] { ".jpg", ".txt", "" })
        {
            string other = $"{file.Path}.as{extension}";
            File.Copy(file.Path, other);
            picture.ShouldEqual(LibraryImage.Load(other));
            File.Delete(other);
        }
    }

    [Fact]
    public void The_number_of_pixels_is_checked_before_decoding()
    {
        // The header of a PNG file of 30,000 × 30,000 pixels, without pixels.
        byte[] huge = [.. PngBytes.File(30_000, 30_000, 0)];
        Loading(huge).Should().Throw<InvalidDataException>().WithMessage("*30000 × 30000*100000000*maxPixels*");
        PillowPicture small = PillowPicture.Named("png RGB");
        int pixels = small.Width * small.Height;
        LibraryImage.Load(small.File, maxPixels: pixels).Width.Should().Be(small.Width);
        Loading(small.File, pixels - 1).Should().Throw<InvalidDataException>().WithMessage("*raise maxPixels*");
        Loading(small.File, 0).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("maxPixels");
    }

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions.Invoking(() => LibraryImage.Load("no-such.png"))
            .Should().Throw<FileNotFoundException>().WithMessage("*no-such.png*");

    [Theory]
    [InlineData("", "*is empty*")]
    [InlineData("hello", "*(5 bytes) is not a picture*Expected a JPEG, PNG, *")]
    [InlineData("<!DOCTYPE html><html>", "*is an HTML page*")]
    [InlineData("\ufeff \n<HTML lang=\"en\">", "*is an HTML page*")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid", "*is a Git LFS pointer*git lfs pull*")]
    [InlineData("<?xml version=\"1.0\"?><svg>", "*is an XML or SVG file*")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "*is an XML or SVG file*")]
    [InlineData("{\"error\": 404}", "*is a JSON file*")]
    [InlineData("%PDF-1.7", "*is a PDF file*")]
    [InlineData("PK\u0003\u0004", "*is a ZIP archive*")]
    [InlineData("\0\0\0\u0018ftypheic", "*is a HEIC picture*")]
    [InlineData("\0\0\0\u001cftypavif", "*is an AVIF picture*")]
    [InlineData("\0\0\0\u001cftypisom", "*is a video*")]
    [InlineData("\0\0\0\0\0\0", "*only zeros (6 bytes)*")]
    public void The_kind_of_a_file_that_is_not_a_picture_is_reported(string content, string message)
    {
        using TemporaryFile file = new(System.Text.Encoding.UTF8.GetBytes(content));
        FluentActions.Invoking(() => LibraryImage.Load(file.Path))
            .Should().Throw<InvalidDataException>().WithMessage($"'{file.Path}'{message}");
    }

    internal static Func<RgbImage> Loading(byte[] file, long maxPixels = LibraryImage.DefaultMaxPixels) =>
        () => LibraryImage.Load(file, maxPixels);
}
