namespace ScoreCam.Rendering;

/// <summary>How a map is drawn over a picture.</summary>
public sealed record OverlayOptions
{
    // From this value on the opacity is full. It was chosen by eye on photographs.
    private const float FullOpacityAt = 0.7f;

    /// <summary>
    /// The colours of the map. Default (null): <see cref="Colormap.Turbo"/>, or <see cref="Colormap.Diverging"/> for
    /// signed evidence.
    /// </summary>
    public Colormap? Colormap { get; init; }

    /// <summary>The largest share of the map's colour in a pixel, 0…1. Default 0.7.</summary>
    public float Opacity { get; init; } = 0.7f;

    /// <summary>
    /// Whether the opacity follows the map: a pixel without evidence keeps the colour of the picture, and the opacity
    /// rises smoothly to <see cref="Opacity"/> at 0.7 of the map's range. Otherwise every pixel has that opacity.
    /// Default true.
    /// </summary>
    public bool OpacityFollowsMap { get; init; } = true;

    /// <summary>
    /// Whether the map's values are −1…1 instead of 0…1. An explanation sets it from its own
    /// <see cref="Explanation.IsSigned"/>. Default false.
    /// </summary>
    public bool Signed { get; init; }

    /// <summary>The colour map, or the default of signed or unsigned evidence.</summary>
    internal Colormap UsedColormap => Colormap ?? (Signed ? Colormap.Diverging : Colormap.Turbo);

    /// <summary>The opacity of a value of the map.</summary>
    internal float OpacityOf(float value)
    {
        if (!OpacityFollowsMap)
            return Opacity;
        float x = Math.Clamp((Signed ? Math.Abs(value) : value) / FullOpacityAt, 0, 1);
        return Opacity * x * x * (3 - (2 * x));
    }
}
