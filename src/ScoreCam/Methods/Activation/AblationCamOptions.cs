using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>How Ablation-CAM is computed.</summary>
public sealed record AblationCamOptions
{
    /// <summary>The layer, by tensor or node name. Default (null): the end of the last convolutional block.</summary>
    public string? Layer { get; init; }

    /// <summary>What is compared. Default: the logit, as in the paper.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Logit;
}
