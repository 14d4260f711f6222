using ScoreCam.Images;

namespace ScoreCam.Methods;

/// <summary>Options that all methods share.</summary>
public record MethodOptions
{
    /// <summary>
    /// Whether maps are signed. A signed map is not rectified, and it is divided by its largest magnitude. Its values
    /// are −1…1, with negative values where the picture speaks against the target. The default is false.
    /// </summary>
    public bool Signed { get; init; }

    /// <summary>
    /// Whether to explain the mirror image as well. The raw map of the mirror image is mirrored back, and the result is
    /// the mean of both raw maps. This doubles the passes. The scores and weights in the evidence belong to the
    /// unmirrored picture. The default is false.
    /// </summary>
    public bool FlipAveraging { get; init; }
}

/// <summary>Options of methods that read layers.</summary>
public record LayerOptions : MethodOptions
{
    /// <summary>
    /// The layers to explain, by tensor name or node name. If empty, <see cref="ImageModel.DefaultLayer"/> is
    /// explained. Several layers give one map each, and these maps are combined. The default is empty.
    /// </summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>How the maps of several layers are combined. The default is their mean.</summary>
    public LayerCombination Combination { get; init; }
}

/// <summary>Options of methods that mask the picture.</summary>
public record MaskOptions : MethodOptions
{
    /// <summary>The value of masked-out pixels. The default is zero in the network's input.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;
}
