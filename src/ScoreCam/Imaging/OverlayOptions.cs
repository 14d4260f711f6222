namespace ScoreCam.Imaging;

/// <summary>How a map is drawn over a picture.</summary>
public sealed record OverlayOptions
{
    /// <summary>Colours of the map. Default <see cref="Colormap.Turbo"/>.</summary>
    public Colormap Colormap { get; init; } = Colormap.Turbo;

    /// <summary>Share of the map's colour in each pixel, 0…1. Default 0.5.</summary>
    public float Opacity { get; init; } = 0.5f;

    /// <summary>Whether the opacity is multiplied by the map's value, so that the picture shows untouched where nothing speaks for the target. Default false.</summary>
    public bool OpacityFollowsMap { get; init; }
}
