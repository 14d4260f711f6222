using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Images;

public class PreprocessingTests
{
    private static readonly RgbImage Pixel = new(1, 1, [10, 128, 255]);

    [Fact]
    public void A_centre_crop_has_torchvisions_pixels_and_offsets()
    {
        IReadOnlyList<PillowCase> cases = PillowCase.Read("crop");
        cases.Should().HaveCount(6);
        foreach (PillowCase c in cases)
        {
            Preprocessing preprocessing = Crop(c.Fact("edge"));
            PreparedImage prepared = preprocessing.Prepare(c.Source, height: c.Height, width: c.Width);
            Bytes(prepared).Should().Equal(c.Expected);
            ((int x, int y), (int width, int height)) = (c.Pair("offset"), c.Pair("resized"));
            prepared.Mapping.Should().Be(new PictureMapping
            {
                PictureWidth = c.Source.Width,
                PictureHeight = c.Source.Height,
                InputWidth = c.Width,
                InputHeight = c.Height,
                ScaleX = (double)width / c.Source.Width,
                ScaleY = (double)height / c.Source.Height,
                OffsetX = -x,
                OffsetY = -y,
            });
        }
    }

    [Fact]
    public void A_letterbox_has_Pillows_pixels()
    {
        IReadOnlyList<PillowCase> cases = PillowCase.Read("pad");
        cases.Should().HaveCount(5);
        Preprocessing preprocessing = Preprocessing.Byte with { Fit = Fit.Letterbox, PadColor = new(10, 200, 90) };
        foreach (PillowCase c in cases)
            Bytes(preprocessing.Prepare(c.Source, height: c.Height, width: c.Width)).Should().Equal(c.Expected);
    }

    [Fact]
    public void A_letterbox_reports_the_position_of_the_picture()
    {
        // 200 × 100 into 64 × 64: 64 × 32, 16 rows of border above.
        Preprocessing preprocessing = Preprocessing.Byte with { Fit = Fit.Letterbox };
        PictureMapping mapping = preprocessing.Prepare(Blank(200, 100), height: 64, width: 64).Mapping;
        (mapping.ScaleX, mapping.ScaleY, mapping.OffsetX, mapping.OffsetY).Should().Be((0.32, 0.32, 0, 16));
    }

    [Fact]
    public void Stretching_scales_both_sides()
    {
        PictureMapping mapping = Preprocessing.Byte.Prepare(Blank(200, 100), height: 64, width: 50).Mapping;
        (mapping.ScaleX, mapping.ScaleY, mapping.OffsetX, mapping.OffsetY).Should().Be((0.25, 0.64, 0, 0));
    }

    [Fact]
    public void A_crop_without_a_shortest_edge_just_covers_the_input()
    {
        // 100 × 40 for 30 × 20: at height 20 the picture is 50 wide, so 10 pixels are cropped on either side.
        PictureMapping mapping = Crop(edge: null).Prepare(Blank(100, 40), height: 20, width: 30).Mapping;
        (mapping.ScaleX, mapping.ScaleY, mapping.OffsetX, mapping.OffsetY).Should().Be((0.5, 0.5, -10, 0));
    }

    [Fact]
    public void A_crop_larger_than_the_picture_is_padded()
    {
        Preprocessing preprocessing = Crop(edge: 1) with { PadColor = new(1, 2, 3) };
        Bytes(preprocessing.Prepare(Pixel, height: 1, width: 3)).Should().Equal(1, 2, 3, 10, 128, 255, 1, 2, 3);
    }

    [Fact]
    public void Grey_is_Pillows_luma()
    {
        PillowCase grey = PillowCase.Read("grey").Single();
        PreparedImage prepared = Preprocessing.Byte.Prepare(grey.Source, channels: 1);
        (prepared.Channels, prepared.Height, prepared.Width).Should().Be((1, 12, 16));
        prepared.Tensor.ToArray().Select(v => (byte)v).Should().Equal(grey.Expected);
    }

    [Fact]
    public void Colours_are_scaled_and_normalised_by_channel()
    {
        float[] rgb = Preprocessing.Imagenet.Prepare(Pixel).Tensor.ToArray();
        rgb[0].Should().BeApproximately(((10 / 255f) - 0.485f) / 0.229f, 1e-6f);
        rgb[1].Should().BeApproximately(((128 / 255f) - 0.456f) / 0.224f, 1e-6f);
        rgb[2].Should().BeApproximately(((255 / 255f) - 0.406f) / 0.225f, 1e-6f);
        Preprocessing.Inception.Prepare(Pixel).Tensor[2].Should().BeApproximately(1, 1e-6f);
    }

    [Fact]
    public void Caffe_order_is_blue_green_red_with_the_mean_of_each_colour() =>
        Preprocessing.Caffe.Prepare(Pixel).Tensor.ToArray().Should().Equal(255 - 104, 128 - 117, 10 - 123);

    [Fact]
    public void Planes_are_stored_one_after_another_in_row_major_order()
    {
        RgbImage picture = new(2, 1, [1, 2, 3, 4, 5, 6]);
        Preprocessing.Byte.Prepare(picture).Tensor.ToArray().Should().Equal(1, 4, 2, 5, 3, 6);
    }

    [Theory]
    [InlineData(Fit.Stretch, 20, 10)]
    [InlineData(Fit.CenterCrop, 20, 10)]
    [InlineData(Fit.Letterbox, 20, 10)]
    public void A_free_input_takes_the_pictures_size(Fit fit, int width, int height)
    {
        PreparedImage prepared = (Preprocessing.Byte with { Fit = fit }).Prepare(Blank(20, 10));
        (prepared.Width, prepared.Height).Should().Be((width, height));
        prepared.Mapping.Should().Be(PictureMapping.Identity(20, 10));
    }

    [Fact]
    public void A_free_input_takes_the_whole_picture_at_the_shortest_edge()
    {
        PreparedImage prepared = Crop(edge: 5).Prepare(Blank(20, 10));
        (prepared.Width, prepared.Height).Should().Be((10, 5));
    }

    [Theory]
    [InlineData(800, 480, null, 533, 320)] // int(320 · 800 / 480) = 533
    [InlineData(800, 480, 533, 533, 320)]
    [InlineData(800, 480, 500, 500, 300)] // int(500 · 320 / 533) = 300, as torchvision's Resize(320, max_size=500)
    [InlineData(480, 800, 500, 300, 500)]
    public void The_longer_side_may_be_limited(int width, int height, int? longest, int toWidth, int toHeight)
    {
        PreparedImage prepared = (Crop(edge: 320) with { LongestEdge = longest }).Prepare(Blank(width, height));
        (prepared.Width, prepared.Height).Should().Be((toWidth, toHeight));
    }

    [Theory]
    [InlineData(200, 100, null, 64, 32)]
    [InlineData(100, 200, null, 32, 64)]
    [InlineData(200, 100, 48, 48, 48)] // an input of fixed size is filled up
    public void A_letterbox_resizes_to_its_longest_edge(int width, int height, int? input, int toWidth, int toHeight)
    {
        Preprocessing preprocessing = Preprocessing.Byte with { Fit = Fit.Letterbox, LongestEdge = 64 };
        PreparedImage prepared = preprocessing.Prepare(Blank(width, height), height: input, width: input);
        (prepared.Width, prepared.Height).Should().Be((toWidth, toHeight));
    }

    [Theory]
    [InlineData(Fit.Stretch, 20)]
    [InlineData(Fit.CenterCrop, 16)]
    [InlineData(Fit.Letterbox, 16)]
    public void A_single_free_side_depends_on_the_fit(Fit fit, int width) =>
        (Preprocessing.Byte with { Fit = fit }).Prepare(Blank(20, 10), height: 8).Width.Should().Be(width);

    [Fact]
    public void A_size_that_differs_from_the_networks_is_refused_and_both_are_named() =>
        FluentActions.Invoking(() => (Preprocessing.Byte with { Width = 224 }).Prepare(Pixel, height: 299, width: 299))
            .Should().Throw<ArgumentException>().WithMessage("*Width is 224*width of 299*");

    [Fact]
    public void A_shortest_edge_that_makes_the_long_side_too_long_is_refused() =>
        FluentActions.Invoking(() => Crop(edge: 1_000_000).Prepare(Blank(10_000, 1), height: 8, width: 8))
            .Should().Throw<ArgumentException>().WithMessage("*1000000*10000000000 pixels long*");

    [Fact]
    public void Impossible_values_are_refused_by_name()
    {
        Refused(Preprocessing.Byte with { Std = new(1, 0, 1) }, "Std");
        Refused(Preprocessing.Byte with { Mean = new(float.NaN) }, "Mean");
        Refused(Preprocessing.Byte with { Scale = float.PositiveInfinity }, "Scale");
        Refused(Preprocessing.Byte with { Height = 0 }, "Height");
        Refused(Preprocessing.Byte with { ShortestEdge = -1 }, "ShortestEdge");
        Refused(Preprocessing.Byte with { LongestEdge = 0 }, "LongestEdge");
        Refused(Preprocessing.Byte with { Filter = (ResampleFilter)17 }, "Filter");
        Refused(Preprocessing.Byte with { PadColor = new(256, 0, 0) }, "PadColor");
        Refused(Preprocessing.Byte with { Fit = (Fit)9 }, "Fit");
        FluentActions.Invoking(() => Preprocessing.Byte.Prepare(Pixel, channels: 4))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("channels");

        static void Refused(Preprocessing preprocessing, string name) =>
            FluentActions.Invoking(() => preprocessing.Prepare(Pixel))
                .Should().Throw<ArgumentException>().WithMessage($"Preprocessing.{name} is *expected*");
    }

    private static Preprocessing Crop(int? edge) =>
        Preprocessing.Byte with { Fit = Fit.CenterCrop, ShortestEdge = edge };

    private static RgbImage Blank(int width, int height) => new(width, height, new byte[3 * width * height]);

    // Back to interleaved bytes; Preprocessing.Byte changes no value.
    private static byte[] Bytes(PreparedImage prepared)
    {
        int plane = prepared.Width * prepared.Height;
        byte[] bytes = new byte[3 * plane];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)prepared.Tensor[(i % 3 * plane) + (i / 3)];
        return bytes;
    }
}
