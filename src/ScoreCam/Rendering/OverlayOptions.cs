namespace ScoreCam.Rendering;

/// <summary>How a map is drawn over a picture.</summary>
public sealed record OverlayOptions
{
    /// <summary>Colours of the map. Default (null): <see cref="Colormap.Turbo"/>, or <see cref="Colormap.Diverging"/> for signed evidence.</summary>
    public Colormap? Colormap { get; init; }

    /// <summary>Share of the map's colour in each pixel, 0…1. Default 0.5.</summary>
    public float Opacity { get; init; } = 0.5f;

    /// <summary>Whether the opacity is multiplied by the map's magnitude, so that the picture shows untouched where nothing speaks for the target or against it. Default false.</summary>
    public bool OpacityFollowsMap { get; init; }

    /// <summary>Whether the map's values are −1…1 instead of 0…1. An explanation knows for itself: its own <see cref="Explanation.IsSigned"/> is taken. Default false.</summary>
    public bool Signed { get; init; }

    /// <summary>The colour of a map's value.</summary>
    internal (byte Red, byte Green, byte Blue) ColorOf(float value) => Signed
        ? (Colormap ?? Colormap.Diverging).Map((value + 1) / 2)
        : (Colormap ?? Colormap.Turbo).Map(value);
}
