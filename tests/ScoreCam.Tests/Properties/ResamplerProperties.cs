using CsCheck;
using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Resizing of pictures: columns are treated like rows, a window equals its part of the whole picture, and one colour
/// stays that colour.
/// </summary>
public class ResamplerProperties
{
    private static readonly Gen<int> Side = Gen.Int[1, 40];

    private static readonly Gen<RgbImage> Picture =
        Gen.Select(Gen.Int[1, 20], Side)
        .SelectMany((height, width) =>
        Gen.Byte.Array[3 * height * width].Select(pixels => new RgbImage(width, height, pixels)));

    [Fact]
    public void Columns_are_resized_as_the_rows_of_the_transposed_picture() =>
        Gen.Select(Picture, Side, Gen.Enum<ResampleFilter>()).Sample(
        (picture, to, filter) =>
        {
            RgbImage columns = picture.Resize(to, picture.Height, filter),
                rows = Transposed(picture).Resize(picture.Height, to, filter);
            Transposed(rows).Pixels.SequenceEqual(columns.Pixels).Should().BeTrue();
        },
        print: Printed);

    [Fact]
    public void A_window_has_the_pixels_of_the_whole_picture() =>
        Gen.Select(Picture, Side, Side, Gen.Enum<ResampleFilter>(),
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99])).Sample(
        (picture, width, height, filter, place) =>
        {
            (int x, int y) = (place.Item1 % width, place.Item2 % height);
            Resampler.Window window = new(x, y, 1 + (place.Item3 % (width - x)), 1 + (place.Item4 % (height - y)));
            RgbImage whole = Resampler.Resize(picture, width, height, filter),
                part = Resampler.Resize(picture, width, height, window, filter);
            for (int row = 0; row < window.Height; row++)
                part.Pixels.Slice(3 * window.Width * row, 3 * window.Width)
                    .SequenceEqual(whole.Pixels.Slice(3 * ((width * (y + row)) + x), 3 * window.Width)).Should()
                    .BeTrue();
        },
        print: sample =>
            $"{sample.Item1.Width} × {sample.Item1.Height} → {sample.Item2} × {sample.Item3}, {sample.Item4}, "
            + $"{sample.Item5}");

    [Fact]
    public void One_colour_stays_that_colour() =>
        Gen.Select(Side, Side, Side, Side, Gen.Byte.Array[3], Gen.Enum<ResampleFilter>())
        .Sample((width, height, toWidth, toHeight, color, filter) =>
        new RgbImage(width, height, [.. Enumerable.Repeat(color, width * height).SelectMany(pixel => pixel)])
            .Resize(toWidth, toHeight, filter).Pixels.ToArray().Chunk(3).All(pixel => pixel.SequenceEqual(color))
            .Should().BeTrue());

    private static string Printed((RgbImage Picture, int To, ResampleFilter Filter) sample) =>
        $"{sample.Picture.Width} × {sample.Picture.Height} → {sample.To}, {sample.Filter}: "
        + $"{string.Join(' ', sample.Picture.Pixels.ToArray())}";

    private static RgbImage Transposed(RgbImage picture)
    {
        byte[] pixels = new byte[picture.Pixels.Length];
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < picture.Width; x++)
                picture.Pixels.Slice(3 * ((y * picture.Width) + x), 3)
                    .CopyTo(pixels.AsSpan(3 * ((x * picture.Height) + y)));
        return new RgbImage(picture.Height, picture.Width, pixels);
    }
}
