using ScoreCam.Images;

namespace ScoreCam.PictureFiles;

/// <summary>Creates opaque, upright RGB pixels.</summary>
internal static class OpaquePixels
{
    /// <summary>Blends a row of unpremultiplied RGBA pixels with white.</summary>
    /// <param name="rgba">Four bytes for each pixel.</param>
    /// <param name="rgb">Receives three bytes for each pixel.</param>
    public static void LayOnWhite(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        for (int i = 0, j = 0; i < rgba.Length; i += 4, j += 3)
        {
            byte alpha = rgba[i + 3];
            rgb[j] = OnWhite(rgba[i], alpha);
            rgb[j + 1] = OnWhite(rgba[i + 1], alpha);
            rgb[j + 2] = OnWhite(rgba[i + 2], alpha);
        }
    }

    /// <summary>Rotates and mirrors a picture according to its EXIF orientation.</summary>
    /// <param name="stored">The picture as stored.</param>
    /// <param name="orientation">1 to 8.</param>
    public static RgbImage Upright(RgbImage stored, int orientation)
    {
        if (orientation == 1)
            return stored;
        (int width, int height) = (stored.Width, stored.Height);
        // Upright pixel (x, y) is stored pixel first + x * right + y * down.
        int last = (width * height) - 1;
        (int first, int right, int down) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => (last, -1, -width),
            4 => (last - (width - 1), 1, -width),
            5 => (0, width, 1),
            6 => (last - (width - 1), -width, 1),
            7 => (last, -width, -1),
            8 => (width - 1, width, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "Expected 1 to 8."),
        };
        if (orientation >= 5)
            (width, height) = (height, width);
        ReadOnlySpan<byte> source = stored.Pixels;
        byte[] pixels = new byte[source.Length];
        for (int y = 0, i = 0; y < height; y++)
            for (int x = 0; x < width; x++, i += 3)
                source.Slice(3 * (first + (x * right) + (y * down)), 3).CopyTo(pixels.AsSpan(i));
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Places a picture on a white canvas.</summary>
    public static RgbImage Place(RgbImage picture, int x, int y, int width, int height)
    {
        if (x + picture.Width > width || y + picture.Height > height)
            throw new DecodingException("its first frame is not within its canvas");
        byte[] pixels = new byte[3 * width * height];
        pixels.AsSpan().Fill(byte.MaxValue);
        int rowBytes = 3 * picture.Width;
        for (int row = 0; row < picture.Height; row++)
            picture.Pixels.Slice(row * rowBytes, rowBytes).CopyTo(pixels.AsSpan(3 * (((y + row) * width) + x)));
        return new RgbImage(width, height, pixels);
    }

    private static byte OnWhite(byte color, byte alpha) =>
        alpha == 255 ? color : (byte)(((color * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
