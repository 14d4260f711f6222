using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Skia.Tests;

public class OrientationTests
{
    // The stored picture has corners R G over B W (white). By the EXIF standard: where the 0th row and the 0th column belong.
    [Theory]
    [InlineData(1, "RGBW", 48, 32)] // top, left
    [InlineData(2, "GRWB", 48, 32)] // top, right
    [InlineData(3, "WBGR", 48, 32)] // bottom, right
    [InlineData(4, "BWRG", 48, 32)] // bottom, left
    [InlineData(5, "RBGW", 32, 48)] // left, top
    [InlineData(6, "BRWG", 32, 48)] // right, top
    [InlineData(7, "WGBR", 32, 48)] // right, bottom
    [InlineData(8, "GWRB", 32, 48)] // left, bottom
    public void Every_orientation_is_applied(byte orientation, string corners, int width, int height)
    {
        RgbImage image = SkiaImage.Load(WithOrientation(FourCorners(), orientation));
        (image.Width, image.Height).Should().Be((width, height));
        string.Concat(At(4, 4), At(width - 5, 4), At(4, height - 5), At(width - 5, height - 5)).Should().Be(corners);

        string At(int x, int y) => image.Pixels.Slice(3 * ((y * image.Width) + x), 3).ToArray().Select(v => v > 128).ToArray() switch
        {
            [true, false, false] => "R",
            [false, true, false] => "G",
            [false, false, true] => "B",
            [true, true, true] => "W",
            var other => string.Join("", other),
        };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void An_orientation_that_does_not_exist_changes_nothing(byte orientation) =>
        SkiaImage.Load(WithOrientation(FourCorners(), orientation)).Pixels.ToArray().Should().Equal(SkiaImage.Load(FourCorners()).Pixels.ToArray());

    private static byte[] FourCorners()
    {
        byte[] pixels = new byte[3 * 48 * 32];
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 48; x++)
                ((byte[])((x < 24, y < 16) switch
                {
                    (true, true) => [255, 0, 0],
                    (false, true) => [0, 255, 0],
                    (true, false) => [0, 0, 255],
                    _ => [255, 255, 255],
                })).CopyTo(pixels, 3 * ((y * 48) + x));
        return new RgbImage(48, 32, pixels).ToJpeg(100);
    }

    // An APP1 segment after the start of image: "Exif", a big-endian TIFF header, and one entry, tag 0x0112, a SHORT.
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*\0\0\0"u8, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. jpeg.AsSpan(2),
    ];
}
