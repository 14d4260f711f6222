using FluentAssertions;
using ScoreCam.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace ScoreCam.ImageSharp.Tests;

public class ImageSharpExtensionsTests
{
    [Fact]
    public void Pixels_of_every_type_are_read()
    {
        Read(new Rgb24(200, 100, 7)).Should().Equal(200, 100, 7);
        Read(new Bgr24(200, 100, 7)).Should().Equal(200, 100, 7);
        Read(new Bgra32(200, 100, 7, 51)).Should().Equal(244, 224, 205);
        Read(new L8(90)).Should().Equal(90, 90, 90);
        Read(new La16(90, 0)).Should().Equal(255, 255, 255);
        // 16 bits become 8: 0x7F7F / 257 is 127, and 0xFFFF / 257 is 255.
        Read(new Rgb48(0x7F7F, 0xFFFF, 0)).Should().Equal(127, 255, 0);
        Read(new RgbaVector(1, 0.4f, 0, 1)).Should().Equal(255, 102, 0);
    }

    [Fact]
    public void An_image_of_unknown_pixel_type_is_read_as_its_actual_type()
    {
        using Image<Bgra32> image = new(2, 1, new Bgra32(200, 100, 7, 51));
        Image unknown = image;
        unknown.ToRgbImage().Pixels.ToArray().Should().Equal(image.ToRgbImage().Pixels.ToArray());
    }

    [Fact]
    public void Rows_in_separate_blocks_of_memory_are_read()
    {
        // 16 MiB: more than one block of ImageSharp's allocator.
        using Image<Rgba32> image = new(2048, 2048);
        image.DangerousTryGetSinglePixelMemory(out _).Should().BeFalse();
        for (int i = 0; i < 2048; i++)
            image[i, i] = new Rgba32((byte)i, (byte)(i >> 3), 9);
        RgbImage picture = image.ToRgbImage();
        for (int i = 0; i < 2048; i++)
            picture.Pixels.Slice(3 * ((i * 2048) + i), 3).ToArray().Should().Equal((byte)i, (byte)(i >> 3), 9);
    }

    [Fact]
    public void The_first_of_several_frames_is_read_and_the_image_is_unchanged()
    {
        using Image<Rgb24> image = new(1, 1, new Rgb24(1, 2, 3));
        using Image<Rgb24> second = new(1, 1, new Rgb24(7, 8, 9));
        image.Frames.AddFrame(second.Frames.RootFrame);
        image.ToRgbImage().Pixels.ToArray().Should().Equal(1, 2, 3);
        image.Frames.Count.Should().Be(2);
        image.Frames[1][0, 0].Should().Be(new Rgb24(7, 8, 9));
    }

    [Fact]
    public void A_new_image_shares_no_memory_with_the_picture()
    {
        RgbImage picture = new(1, 1, [1, 2, 3]);
        using Image<Rgb24> image = picture.ToImageSharp();
        image[0, 0] = new Rgb24(9, 9, 9);
        picture.Pixels.ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_disposed_image_throws_ObjectDisposedException()
    {
        Image<Rgb24> image = new(1, 1);
        image.Dispose();
        FluentActions.Invoking(() => image.ToRgbImage()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Null_is_refused()
    {
        Action[] calls =
        [
            () => ((Image)null!).ToRgbImage(),
            () => ((Image<L8>)null!).ToRgbImage(),
            () => ((RgbImage)null!).ToImageSharp(),
        ];
        foreach (Action call in calls)
            call.Should().Throw<ArgumentNullException>().WithParameterName("image");
    }

    private static byte[] Read<TPixel>(TPixel pixel)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = new(1, 1, pixel);
        return image.ToRgbImage().Pixels.ToArray();
    }
}
