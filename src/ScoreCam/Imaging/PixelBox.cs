namespace ScoreCam.Imaging;

/// <summary>A rectangle of whole pixels: columns <c>X … X + Width − 1</c>, rows <c>Y … Y + Height − 1</c>.</summary>
public readonly record struct PixelBox
{
    /// <summary>First column.</summary>
    public required int X { get; init; }

    /// <summary>First row.</summary>
    public required int Y { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>The picture with the outline of the box drawn along its edges, antialiased; the picture is not changed, and what lies outside of it is cut off.</summary>
    /// <param name="picture">The picture in whose pixels the box is given.</param>
    /// <param name="line">Colour and thickness; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The thickness is not positive.</exception>
    public RgbImage DrawOn(RgbImage picture, LineOptions? line = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        (float left, float top, float right, float bottom) = (X, Y, X + (float)Width, Y + (float)Height);
        return (line ?? new()).Draw(picture, [new(left, top, right, top), new(right, top, right, bottom), new(right, bottom, left, bottom), new(left, bottom, left, top)]);
    }
}
