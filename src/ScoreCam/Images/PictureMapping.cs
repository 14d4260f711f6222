namespace ScoreCam.Images;

/// <summary>
/// The position of the picture in the network's input: <c>input = picture · scale + offset</c>. The coordinates are
/// continuous pixel coordinates, in which the centre of the first pixel is 0.5. A centre crop has negative offsets, and
/// a letterbox has positive offsets.
/// </summary>
public sealed record PictureMapping
{
    /// <summary>The width of the original picture in pixels.</summary>
    public required int PictureWidth { get; init; }

    /// <summary>The height of the original picture in pixels.</summary>
    public required int PictureHeight { get; init; }

    /// <summary>The width of the network's input in pixels.</summary>
    public required int InputWidth { get; init; }

    /// <summary>The height of the network's input in pixels.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Input pixels per picture pixel, horizontally.</summary>
    public double ScaleX { get; init; } = 1;

    /// <summary>Input pixels per picture pixel, vertically.</summary>
    public double ScaleY { get; init; } = 1;

    /// <summary>The position of the picture's left edge in the input, in input pixels.</summary>
    public double OffsetX { get; init; }

    /// <summary>The position of the picture's top edge in the input, in input pixels.</summary>
    public double OffsetY { get; init; }

    /// <summary>The mapping of a tensor without a picture: scale 1, offset 0.</summary>
    public static PictureMapping Identity(int width, int height) =>
        new() { PictureWidth = width, PictureHeight = height, InputWidth = width, InputHeight = height };
}
