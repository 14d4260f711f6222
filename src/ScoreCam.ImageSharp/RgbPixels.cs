using ScoreCam.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>From pixels of any kind to opaque RGB, row by row.</summary>
internal static class RgbPixels
{
    public static RgbImage From<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        (int width, int height) = (image.Width, image.Height);
        if (3L * width * height > Array.MaxLength)
            throw new ArgumentException($"The image has {width} × {height} pixels; expected at most {Array.MaxLength / 3} in all. Resize it first.", nameof(image));

        byte[] pixels = new byte[3 * width * height];
        Rgba32[] row = new Rgba32[width];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0, i = 0; y < height; y++)
            {
                PixelOperations<TPixel>.Instance.ToRgba32(Configuration.Default, rows.GetRowSpan(y), row);
                foreach (Rgba32 pixel in row)
                {
                    pixels[i++] = OnWhite(pixel.R, pixel.A);
                    pixels[i++] = OnWhite(pixel.G, pixel.A);
                    pixels[i++] = OnWhite(pixel.B, pixel.A);
                }
            }
        });
        return new RgbImage(width, height, pixels);
    }

    private static byte OnWhite(byte color, byte alpha) => alpha == 255 ? color : (byte)(((color * alpha) + (255 * (255 - alpha)) + 127) / 255);

    /// <summary>Finds the pixel type of an image that is only known as one.</summary>
    internal sealed class Visitor : IImageVisitor
    {
        public RgbImage? Result { get; private set; }

        public void Visit<TPixel>(Image<TPixel> image)
            where TPixel : unmanaged, IPixel<TPixel> => Result = From(image);
    }
}
