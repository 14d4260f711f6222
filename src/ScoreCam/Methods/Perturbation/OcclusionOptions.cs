using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>How occlusion maps are computed.</summary>
public sealed record OcclusionOptions
{
    /// <summary>Side of the square window in input pixels, 1 to the input's shorter side. Default (null): a seventh of the shorter side, 32 at 224.</summary>
    public int? Window { get; init; }

    /// <summary>Pixels from one window to the next, 1 to the window's side. Default (null): half a window.</summary>
    public int? Stride { get; init; }

    /// <summary>What is compared. Default: the probability.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Probability;
}
