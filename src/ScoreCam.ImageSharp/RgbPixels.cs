using System.Runtime.InteropServices;
using ScoreCam.Images;
using ScoreCam.PictureFiles;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace ScoreCam.ImageSharp;

/// <summary>Converts pixels of any type to opaque RGB, row by row.</summary>
internal static class RgbPixels
{
    private delegate void RowConverter<TPixel>(ReadOnlySpan<TPixel> row, Span<Rgba32> rgba);

    /// <summary>Converts the pixels and rounds them to 8 bits.</summary>
    public static RgbImage From<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel> =>
        Convert(image, (row, rgba) => PixelOperations<TPixel>.Instance.ToRgba32(Configuration.Default, row, rgba));

    /// <summary>Takes the upper 8 of the 16 bits, as Pillow does.</summary>
    public static RgbImage UpperBytes(Image<Rgba64> image) => Convert(image, (row, rgba) =>
    {
        for (int x = 0; x < row.Length; x++)
        {
            Rgba64 pixel = row[x];
            rgba[x] = new((byte)(pixel.R >> 8), (byte)(pixel.G >> 8), (byte)(pixel.B >> 8), (byte)(pixel.A >> 8));
        }
    });

    private static RgbImage Convert<TPixel>(Image<TPixel> image, RowConverter<TPixel> toRgba)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        (int width, int height) = (image.Width, image.Height);
        if (3L * width * height > Array.MaxLength)
            throw new ArgumentException(
                $"The image has {width} × {height} pixels, more than {Array.MaxLength / 3}. Resize it first.",
                nameof(image));

        byte[] pixels = new byte[3 * width * height];
        Rgba32[] rgba = new Rgba32[width];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < height; y++)
            {
                toRgba(rows.GetRowSpan(y), rgba);
                Span<byte> rgb = pixels.AsSpan(3 * width * y, 3 * width);
                OpaquePixels.LayOnWhite(MemoryMarshal.AsBytes<Rgba32>(rgba), rgb);
            }
        });
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Determines the pixel type of an image of unknown pixel type.</summary>
    internal sealed class Visitor : IImageVisitor
    {
        public RgbImage? Result { get; private set; }

        public void Visit<TPixel>(Image<TPixel> image)
            where TPixel : unmanaged, IPixel<TPixel> => Result = From(image);
    }
}
