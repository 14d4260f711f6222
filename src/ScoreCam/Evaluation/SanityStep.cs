namespace ScoreCam.Evaluation;

/// <summary>The explanation of a network with randomised weights beside that of the network itself. Immutable and thread-safe.</summary>
public sealed record SanityStep
{
    /// <summary>Output tensor of the layer whose weights were drawn anew, the earliest one where there are several.</summary>
    public required string Layer { get; init; }

    /// <summary>Layers whose weights were drawn anew.</summary>
    public required int RandomizedLayers { get; init; }

    /// <summary>The explanation of the same class by the randomised network.</summary>
    public required Explanation Explanation { get; init; }

    /// <summary>Spearman's rank correlation of its map with the original one, −1…1.</summary>
    public required double Spearman { get; init; }

    /// <summary>Structural similarity of the maps, −1…1.</summary>
    public required double Ssim { get; init; }
}
