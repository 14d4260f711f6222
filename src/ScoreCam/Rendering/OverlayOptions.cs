namespace ScoreCam.Rendering;

/// <summary>Options for drawing a map over a picture.</summary>
public sealed record OverlayOptions
{
    // The opacity is full from this value on. The value was chosen by eye on photographs.
    private const float FullOpacityAt = 0.7f;

    /// <summary>
    /// The colours of the map. The default is null, which means <see cref="Colormap.Turbo"/>, or
    /// <see cref="Colormap.Diverging"/> for signed evidence.
    /// </summary>
    public Colormap? Colormap { get; init; }

    /// <summary>The largest opacity of the map's colour, 0…1. The default is 0.7.</summary>
    public float Opacity { get; init; } = 0.7f;

    /// <summary>
    /// Whether the opacity follows the map. If true, a pixel without evidence keeps the colour of the picture, and the
    /// opacity rises smoothly to <see cref="Opacity"/> at 0.7 of the map's range. If false, every pixel has the opacity
    /// <see cref="Opacity"/>. The default is true.
    /// </summary>
    public bool OpacityFollowsMap { get; init; } = true;

    /// <summary>
    /// Whether the map's values are −1…1 instead of 0…1. An explanation sets it to its own
    /// <see cref="Explanation.IsSigned"/>. The default is false.
    /// </summary>
    public bool Signed { get; init; }

    /// <summary>The colour map to use: the given one, or the default for signed or unsigned evidence.</summary>
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
