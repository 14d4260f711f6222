namespace ScoreCam.Images;

/// <summary>
/// How the picture lies in the network's input: <c>input = picture · scale + offset</c>, both in continuous pixel
/// coordinates (the centre of the first pixel is 0.5). A centre crop has negative offsets, a letterbox positive ones.
/// </summary>
public sealed record PictureMapping
{
    /// <summary>Width of the original picture in pixels.</summary>
    public required int PictureWidth { get; init; }

    /// <summary>Height of the original picture in pixels.</summary>
    public required int PictureHeight { get; init; }

    /// <summary>Width of the network's input in pixels.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Height of the network's input in pixels.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Input pixels per picture pixel, horizontally.</summary>
    public double ScaleX { get; init; } = 1;

    /// <summary>Input pixels per picture pixel, vertically.</summary>
    public double ScaleY { get; init; } = 1;

    /// <summary>Where the picture's left edge lies in the input.</summary>
    public double OffsetX { get; init; }

    /// <summary>Where the picture's top edge lies in the input.</summary>
    public double OffsetY { get; init; }

    /// <summary>The mapping of a tensor that is its own picture.</summary>
    public static PictureMapping Identity(int width, int height) =>
        new() { PictureWidth = width, PictureHeight = height, InputWidth = width, InputHeight = height };
}
