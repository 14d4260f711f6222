using ScoreCam.Images;

namespace ScoreCam.Methods;

/// <summary>Options that every method has.</summary>
public record MethodOptions
{
    /// <summary>
    /// Signed evidence: no ReLU, and maps of −1…1 (divided by their largest magnitude), negative where something speaks
    /// against the target. Default: false.
    /// </summary>
    public bool Signed { get; init; }

    /// <summary>
    /// Explains the picture and its mirror image, mirrors the second raw map back, and takes the mean. This doubles the
    /// passes. Scores and weights in the evidence belong to the picture itself. Default: false.
    /// </summary>
    public bool FlipAveraging { get; init; }
}

/// <summary>Options of every method that reads layers.</summary>
public record LayerOptions : MethodOptions
{
    /// <summary>
    /// Layers to explain, by tensor or node name. Default (empty): <see cref="ImageModel.DefaultLayer"/>. Several
    /// layers give one map each, and these are combined.
    /// </summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>How the maps of several layers become one. Default: their mean.</summary>
    public LayerCombination Combination { get; init; }
}

/// <summary>Options of every method that masks the picture.</summary>
public record MaskOptions : MethodOptions
{
    /// <summary>What a masked-out pixel becomes. Default: zero in the network's input.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;
}
