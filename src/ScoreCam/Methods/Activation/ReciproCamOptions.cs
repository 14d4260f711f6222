using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>How Recipro-CAM is computed.</summary>
public sealed record ReciproCamOptions
{
    /// <summary>The layer, by tensor or node name. Default (null): the end of the last convolutional block.</summary>
    public string? Layer { get; init; }

    /// <summary>What is read for each place. Default: the probability, as in the paper.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Probability;

    /// <summary>Whether a place keeps its neighbours too, weighted by a 3 × 3 Gaussian (1/4, 1/8, 1/16), as in the published code; otherwise it stands alone. Default: true.</summary>
    public bool Gaussian { get; init; } = true;
}
