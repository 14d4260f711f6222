namespace ScoreCam.Rendering;

/// <summary>How a <see cref="Figure"/> is laid out.</summary>
public sealed record FigureOptions
{
    /// <summary>Height of each picture in pixels, 64…4096; larger originals are scaled down, smaller ones up. Letters and margins follow it. Default 320.</summary>
    public int PanelHeight { get; init; } = 320;

    /// <summary>Colours of the maps, and their opacity on the overlays.</summary>
    public OverlayOptions Overlay { get; init; } = new();

    /// <summary>Draws the line along which the map has this value on each overlay, for example 0.5. Default: none.</summary>
    public float? Contour { get; init; }

    /// <summary>Draws a box around the largest region in which the map is at least this value on each overlay. Default: none.</summary>
    public float? Box { get; init; }

    /// <summary>Whether the colour scale is drawn below the maps. Default true.</summary>
    public bool Legend { get; init; } = true;
}
