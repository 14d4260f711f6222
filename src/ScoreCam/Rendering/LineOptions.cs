using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Options for drawing contours and boxes on a picture.</summary>
public sealed record LineOptions
{
    /// <summary>The colour of the line in sRGB bytes. The default is white.</summary>
    public (byte Red, byte Green, byte Blue) Color { get; init; } = (255, 255, 255);

    /// <summary>
    /// The thickness in pixels, above 0. The default is null, which means 1/150 of the picture's shorter side, and at
    /// least 1.5 pixels.
    /// </summary>
    public float? Thickness { get; init; }

    /// <summary>
    /// Whether the line has a dark rim, so that it is visible on a bright picture. The default is true.
    /// </summary>
    public bool Rim { get; init; } = true;

    /// <summary>Draws lines on a copy of the picture.</summary>
    internal RgbImage Draw(RgbImage picture, IReadOnlyList<Segment> lines)
    {
        float thickness = ThicknessOn(picture);
        Canvas canvas = Canvas.On(picture);
        if (Rim)
            canvas.Stroke(lines, thickness + Math.Max(2, 0.9f * thickness), (0, 0, 0), 0.55f);
        canvas.Stroke(lines, thickness, Color);
        return canvas.ToImage();
    }

    /// <exception cref="ArgumentException">The thickness is not positive.</exception>
    internal float ThicknessOn(RgbImage picture) =>
        Thickness is not { } given ? Math.Max(1.5f, Math.Min(picture.Width, picture.Height) / 150f)
        : given > 0 && float.IsFinite(given) ? given
        : throw new ArgumentException($"LineOptions.Thickness is {given}; expected a number of pixels, more than 0.");
}
