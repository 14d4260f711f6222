using ScoreCam.Images;

namespace ScoreCam.Evaluation;

/// <summary>
/// A rectangle [XMin, XMax) × [YMin, YMax) in continuous pixel coordinates: the first pixel covers 0 to 1. Immutable
/// and thread-safe.
/// </summary>
public sealed record Box
{
    /// <summary>The left edge.</summary>
    public required double XMin { get; init; }

    /// <summary>The upper edge.</summary>
    public required double YMin { get; init; }

    /// <summary>The right edge.</summary>
    public required double XMax { get; init; }

    /// <summary>The lower edge.</summary>
    public required double YMax { get; init; }

    /// <summary>The area; 0 if the box is empty.</summary>
    public double Area => Math.Max(0, XMax - XMin) * Math.Max(0, YMax - YMin);

    /// <summary>Maps a box of the original picture to the network's input and clips it to the input.</summary>
    public Box OnInput(PictureMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return new()
        {
            XMin = Math.Clamp((XMin * mapping.ScaleX) + mapping.OffsetX, 0, mapping.InputWidth),
            XMax = Math.Clamp((XMax * mapping.ScaleX) + mapping.OffsetX, 0, mapping.InputWidth),
            YMin = Math.Clamp((YMin * mapping.ScaleY) + mapping.OffsetY, 0, mapping.InputHeight),
            YMax = Math.Clamp((YMax * mapping.ScaleY) + mapping.OffsetY, 0, mapping.InputHeight),
        };
    }

    /// <summary>The intersection over union with another box, 0…1.</summary>
    public double IoU(Box other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double both = new Box
        {
            XMin = Math.Max(XMin, other.XMin),
            YMin = Math.Max(YMin, other.YMin),
            XMax = Math.Min(XMax, other.XMax),
            YMax = Math.Min(YMax, other.YMax),
        }.Area;
        return both == 0 ? 0 : both / (Area + other.Area - both);
    }

    /// <summary>Whether the centre of a pixel lies inside.</summary>
    internal bool Covers(int row, int column)
    {
        (double x, double y) = (column + 0.5, row + 0.5);
        return x >= XMin && x < XMax && y >= YMin && y < YMax;
    }
}
