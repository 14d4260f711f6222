using System.Numerics;

namespace ScoreCam.Images;

/// <summary>Where a picture goes: the size it is resized to, the size of the input, and where its top left corner lies in it.</summary>
internal readonly record struct PictureFit(int ResizedWidth, int ResizedHeight, int InputWidth, int InputHeight, int X, int Y)
{
    /// <summary>Lays a picture out for an input whose free sides are null.</summary>
    public static PictureFit Of(Fit fit, int? shortestEdge, int width, int height, int? inputWidth, int? inputHeight)
    {
        (int resizedWidth, int resizedHeight) = fit switch
        {
            Fit.Stretch => (inputWidth ?? width, inputHeight ?? height),
            Fit.CenterCrop when shortestEdge is int edge => width <= height
                ? (edge, Scaled(height, edge, width))
                : (Scaled(width, edge, height), edge),
            Fit.CenterCrop => Cover(width, height, inputWidth, inputHeight),
            _ => Contain(width, height, inputWidth, inputHeight),
        };
        (int w, int h) = (inputWidth ?? resizedWidth, inputHeight ?? resizedHeight);
        return new(resizedWidth, resizedHeight, w, h, Offset(w - resizedWidth), Offset(h - resizedHeight));
    }

    /// <summary>The mapping from the picture's coordinates to the input's.</summary>
    public PictureMapping Mapping(int pictureWidth, int pictureHeight) => new()
    {
        PictureWidth = pictureWidth,
        PictureHeight = pictureHeight,
        InputWidth = InputWidth,
        InputHeight = InputHeight,
        ScaleX = (double)ResizedWidth / pictureWidth,
        ScaleY = (double)ResizedHeight / pictureHeight,
        OffsetX = X,
        OffsetY = Y,
    };

    /// <summary>The picture as the input shows it: resized, cropped, and padded where it does not reach.</summary>
    public RgbImage Apply(RgbImage picture, ResampleFilter filter, Vector3 padColor)
    {
        (int left, int top) = (Math.Max(0, X), Math.Max(0, Y));
        (int right, int bottom) = (Math.Min(InputWidth, X + ResizedWidth), Math.Min(InputHeight, Y + ResizedHeight));
        Resampler.Window window = new(left - X, top - Y, right - left, bottom - top);
        RgbImage visible = Resampler.Resize(picture, ResizedWidth, ResizedHeight, window, filter);
        if ((visible.Width, visible.Height) == (InputWidth, InputHeight))
            return visible;

        byte[] pixels = new byte[Resampler.ByteCount(InputWidth, InputHeight)];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)MathF.Round(padColor[i % 3]);
        for (int y = 0; y < visible.Height; y++)
            visible.Pixels.Slice(3 * y * visible.Width, 3 * visible.Width).CopyTo(pixels.AsSpan(3 * (((top + y) * InputWidth) + left)));
        return new RgbImage(InputWidth, InputHeight, pixels);
    }

    // The smallest size with the picture's shape that covers the input; the long side rounds down, as torchvision's.
    private static (int Width, int Height) Cover(int width, int height, int? inputWidth, int? inputHeight) => (inputWidth, inputHeight) switch
    {
        (int w, int h) when (long)w * height >= (long)h * width => (w, Scaled(height, w, width)),
        (int w, null) => (w, Scaled(height, w, width)),
        (_, int h) => (Scaled(width, h, height), h),
        _ => (width, height),
    };

    // The largest size with the picture's shape that fits into the input; the short side rounds to nearest, as Pillow's.
    private static (int Width, int Height) Contain(int width, int height, int? inputWidth, int? inputHeight) => (inputWidth, inputHeight) switch
    {
        (int w, int h) when (long)w * height <= (long)h * width => (w, Rounded(height, w, width)),
        (int w, null) => (w, Rounded(height, w, width)),
        (_, int h) => (Rounded(width, h, height), h),
        _ => (width, height),
    };

    private static int Scaled(int side, int to, int from) => (long)side * to / from is var scaled && scaled <= int.MaxValue
        ? (int)Math.Max(1, scaled)
        : throw new ArgumentException($"Resizing a side of {from} pixels to {to} would make the other one {scaled} pixels long; ask for a smaller size.");

    private static int Rounded(int side, int to, int from) => (int)Math.Max(1, Math.Round((double)side / from * to));

    // Half of the spare pixels, halves to even, as torchvision and Pillow round.
    private static int Offset(int spare) => (int)Math.Round(spare / 2.0);
}
