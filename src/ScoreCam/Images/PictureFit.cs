using System.Numerics;

namespace ScoreCam.Images;

/// <summary>How a picture is fitted into an input of another shape.</summary>
public enum Fit
{
    /// <summary>Both sides are resized. The whole picture is visible, but its aspect ratio changes.</summary>
    Stretch,

    /// <summary>The shorter side is resized and the centre is kept, like torchvision's Resize and CenterCrop.</summary>
    CenterCrop,

    /// <summary>
    /// The longer side is resized and the rest is filled with <see cref="Preprocessing.PadColor"/>, like Pillow's
    /// ImageOps.pad.
    /// </summary>
    Letterbox,
}

/// <summary>
/// The layout of a picture in the network's input: the size to which the picture is resized, the size of the input, and
/// the position of the picture's top left corner in it.
/// </summary>
internal readonly record struct PictureFit(
    int ResizedWidth, int ResizedHeight, int InputWidth, int InputHeight, int X, int Y)
{
    /// <summary>Computes the layout for an input. A free side of the input is null.</summary>
    public static PictureFit Of(Preprocessing preprocessing, Size picture, int? inputWidth, int? inputHeight)
    {
        Size resized = preprocessing.Fit switch
        {
            Fit.Stretch => new(inputWidth ?? picture.Width, inputHeight ?? picture.Height),
            Fit.CenterCrop when preprocessing.ShortestEdge is { } edge =>
                Shorten(picture, edge, preprocessing.LongestEdge),
            Fit.CenterCrop => Cover(picture, inputWidth, inputHeight),
            _ when preprocessing.LongestEdge is { } edge => Contain(
                picture, Math.Min(edge, inputWidth ?? edge), Math.Min(edge, inputHeight ?? edge)),
            _ => Contain(picture, inputWidth, inputHeight),
        };
        (int width, int height) = (inputWidth ?? resized.Width, inputHeight ?? resized.Height);
        (int x, int y) = (Offset(width - resized.Width), Offset(height - resized.Height));
        return new(resized.Width, resized.Height, width, height, x, y);
    }

    /// <summary>Returns the mapping from the coordinates of the picture to the coordinates of the input.</summary>
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

    /// <summary>Resizes, crops and pads the picture to the size of the input.</summary>
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
        {
            ReadOnlySpan<byte> row = visible.Pixels.Slice(3 * y * visible.Width, 3 * visible.Width);
            row.CopyTo(pixels.AsSpan(3 * (((top + y) * InputWidth) + left)));
        }
        return new RgbImage(InputWidth, InputHeight, pixels);
    }

    // The shorter side becomes edge, and the longer side is at most longest. Both are rounded down, as in torchvision.
    private static Size Shorten(Size picture, int edge, int? longest)
    {
        int shorter = edge, longer = RoundedDown(picture.Longer, edge, picture.Shorter);
        if (longest is { } most && longer > most)
            (shorter, longer) = (RoundedDown(most, shorter, longer), most);
        return picture.Width <= picture.Height ? new(shorter, longer) : new(longer, shorter);
    }

    // The smallest size with the aspect ratio of the picture that covers the input.
    private static Size Cover(Size picture, int? inputWidth, int? inputHeight) => (inputWidth, inputHeight) switch
    {
        (int w, int h) when (long)w * picture.Height < (long)h * picture.Width => picture.AtHeight(h, RoundedDown),
        (int w, _) => picture.AtWidth(w, RoundedDown),
        (_, int h) => picture.AtHeight(h, RoundedDown),
        _ => picture,
    };

    // The largest size with the aspect ratio of the picture that fits into the input. It rounds as in Pillow.
    private static Size Contain(Size picture, int? inputWidth, int? inputHeight) => (inputWidth, inputHeight) switch
    {
        (int w, int h) when (long)w * picture.Height > (long)h * picture.Width => picture.AtHeight(h, Rounded),
        (int w, _) => picture.AtWidth(w, Rounded),
        (_, int h) => picture.AtHeight(h, Rounded),
        _ => picture,
    };

    private static int RoundedDown(int side, int to, int from)
    {
        long scaled = (long)side * to / from;
        return scaled <= int.MaxValue
            ? (int)Math.Max(1, scaled)
            : throw new ArgumentException(
                $"Resizing a side of {from} pixels to {to} would make the other one {scaled} pixels long; "
                + "ask for a smaller size.");
    }

    private static int Rounded(int side, int to, int from) =>
        (int)Math.Max(1, Math.Round((double)side / from * to));

    // Half of the spare pixels. Halves round to even, as in torchvision and Pillow.
    private static int Offset(int spare) => (int)Math.Round(spare / 2.0);

    /// <summary>A size in pixels.</summary>
    internal readonly record struct Size(int Width, int Height)
    {
        public int Shorter => Math.Min(Width, Height);

        public int Longer => Math.Max(Width, Height);

        public Size AtWidth(int width, Func<int, int, int, int> scaled) => new(width, scaled(Height, width, Width));

        public Size AtHeight(int height, Func<int, int, int, int> scaled) => new(scaled(Width, height, Height), height);
    }
}
