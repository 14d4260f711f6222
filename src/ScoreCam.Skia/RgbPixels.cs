using ScoreCam.Images;
using SkiaSharp;

namespace ScoreCam.Skia;

/// <summary>From Skia's RGBA rows to upright, opaque RGB.</summary>
internal static class RgbPixels
{
    /// <summary>What a span of RGBA bytes holds.</summary>
    public static readonly int MaxPixels = Array.MaxLength / 4;

    public static SKImageInfo Rgba(int width, int height, SKAlphaType alpha) => new(width, height, SKColorType.Rgba8888, alpha, SKColorSpace.CreateSrgb());

    /// <summary>Turns as EXIF says and lays what is transparent on white.</summary>
    /// <param name="rgba">Unpremultiplied, rows without padding.</param>
    /// <param name="width">Columns as stored.</param>
    /// <param name="height">Rows as stored.</param>
    /// <param name="origin">Where the picture's first stored row and column belong.</param>
    public static RgbImage FromRgba(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        // Upright pixel (x, y) is stored pixel first + x·right + y·down.
        int last = (width * height) - 1;
        (int first, int right, int down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last, -1, -width),
            SKEncodedOrigin.BottomLeft => (last - (width - 1), 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (last - (width - 1), -width, 1),
            SKEncodedOrigin.RightBottom => (last, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        if (origin >= SKEncodedOrigin.LeftTop)
            (width, height) = (height, width);

        byte[] pixels = new byte[3 * width * height];
        for (int y = 0, i = 0; y < height; y++)
            for (int x = 0; x < width; x++, i += 3)
            {
                ReadOnlySpan<byte> pixel = rgba.Slice(4 * (first + (x * right) + (y * down)), 4);
                pixels[i] = OnWhite(pixel[0], pixel[3]);
                pixels[i + 1] = OnWhite(pixel[1], pixel[3]);
                pixels[i + 2] = OnWhite(pixel[2], pixel[3]);
            }

        return new RgbImage(width, height, pixels);
    }

    private static byte OnWhite(byte color, byte alpha) => alpha == 255 ? color : (byte)(((color * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
