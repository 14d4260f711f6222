using ScoreCam.Images;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>How Score-CAM is computed. The default is the paper's algorithm on the default layer.</summary>
public sealed record ScoreCamOptions
{
    /// <summary>The published form to compute. Default: the paper's.</summary>
    public ScoreCamPreset Preset { get; init; } = ScoreCamPreset.Paper;

    /// <summary>Layers to explain, by tensor or node name. Default (empty): the end of the last convolutional block. Several give one map each, and their mean.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>What a masked-out pixel becomes. Default: zero in the network's input, as the paper.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;

    /// <summary>
    /// Signed evidence: no ReLU, and maps of −1…1 (divided by their largest magnitude), negative where something speaks against the target. Negative values
    /// need negative weights (<see cref="ScoreCamPreset.IncreaseOfConfidence"/>) or negative activations. Default false.
    /// </summary>
    public bool Signed { get; init; }

    /// <summary>
    /// Explains the picture and its mirror image, mirrors the second map back, and takes the mean of both raw maps; twice the passes. Scores and weights
    /// in the evidence are those of the picture itself. Default false.
    /// </summary>
    public bool FlipAveraging { get; init; }

    /// <summary>
    /// Scores a channel by the picture under its mask less the picture under what the mask takes away, S(X ⊙ M) − S(X ⊙ (1 − M)), as Poly-CAM does (Englebert et
    /// al., "Poly-CAM: High resolution class activation map for convolutional neural networks", 2022); twice the passes. Default false.
    /// </summary>
    public bool TwoSided { get; init; }

    /// <summary>Which channels get a forward pass of their own. Default: all of them. The adaptive sampling needs a fraction of the passes.</summary>
    public ChannelSampling Sampling { get; init; } = ChannelSampling.All;
}
