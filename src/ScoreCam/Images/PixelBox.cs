using ScoreCam.Rendering;

namespace ScoreCam.Images;

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

    /// <summary>The picture with the outline of the box drawn along its edges, antialiased; the picture is not changed. Edges beyond the picture are drawn at its border.</summary>
    /// <param name="picture">The picture in whose pixels the box is given.</param>
    /// <param name="line">Colour and thickness; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The thickness is not positive.</exception>
    public RgbImage DrawOn(RgbImage picture, LineOptions? line = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        line ??= new();
        // An edge that runs along the picture's border is drawn inside of it, where it can be seen.
        float inset = line.ThicknessOn(picture);
        float left = Math.Max(X, inset), right = Math.Min(X + (float)Width, picture.Width - inset);
        float top = Math.Max(Y, inset), bottom = Math.Min(Y + (float)Height, picture.Height - inset);
        return line.Draw(picture, [new(left, top, right, top), new(right, top, right, bottom), new(right, bottom, left, bottom), new(left, bottom, left, top)]);
    }
}
