using ScoreCam.Images;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>How Score-CAM is computed. The default is the paper's algorithm on the default layer.</summary>
public sealed record ScoreCamOptions : LayerOptions
{
    /// <summary>The published form to compute. Default: the paper's.</summary>
    public ScoreCamPreset Preset { get; init; } = ScoreCamPreset.Paper;

    /// <summary>What a masked-out pixel becomes. Default: zero in the network's input, as in the paper.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;

    /// <summary>
    /// Scores a channel by the picture under its mask less the picture under what the mask takes away,
    /// S(X ⊙ M) − S(X ⊙ (1 − M)), as Poly-CAM does (Englebert et al., "Poly-CAM: High resolution class activation map
    /// for convolutional neural networks", 2022). It takes twice the passes. Default: false.
    /// </summary>
    public bool TwoSided { get; init; }

    /// <summary>
    /// Which variants of each mask are scored: <see cref="MaskAveraging.Noise"/> gives SS-CAM, and
    /// <see cref="MaskAveraging.Steps"/> gives IS-CAM. Default: only the mask itself. It multiplies the passes.
    /// </summary>
    public MaskAveraging Averaging { get; init; } = MaskAveraging.None;

    /// <summary>
    /// Which channels get a forward pass of their own. Default: all of them. Adaptive sampling needs a fraction of the
    /// passes.
    /// </summary>
    public ChannelSampling Sampling { get; init; } = ChannelSampling.All;
}

/// <summary>
/// Published forms of Score-CAM, each reproduced exactly. They differ in scores, weights, masks and normalisation.
/// </summary>
public enum ScoreCamPreset
{
    /// <summary>Algorithm 1 of Wang et al., CVPRW 2020: logits, softmax over channels, half-pixel upsampling.</summary>
    Paper,

    /// <summary>
    /// The authors' code: the probability itself is the weight, dead channels are skipped, maps are summed at input
    /// resolution.
    /// </summary>
    Official,

    /// <summary>
    /// The Python package pytorch-grad-cam: masks by align-corners upsampling, the map is normalised twice.
    /// </summary>
    PytorchGradCam,

    /// <summary>
    /// The Python package torch-cam: masks are normalised before upsampling, the map stays at the layer's resolution.
    /// </summary>
    TorchCam,

    /// <summary>
    /// Equation 10 of the paper: the weight is the increase of the probability over the baseline, and may be negative.
    /// </summary>
    IncreaseOfConfidence,

    /// <summary>Score-CAM++ (arXiv:2404.19341): tanh instead of min–max, maps summed at input resolution.</summary>
    ScoreCamPlusPlus,
}
