using ScoreCam.Images;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>Options of Score-CAM. The default is the paper's algorithm on the default layer.</summary>
public sealed record ScoreCamOptions : LayerOptions
{
    /// <summary>The published form to compute. The default is the paper's.</summary>
    public ScoreCamPreset Preset { get; init; } = ScoreCamPreset.Paper;

    /// <summary>The value of masked-out pixels. The default is zero in the network's input, as in the paper.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;

    /// <summary>
    /// Whether the score of a channel is the difference between the picture under the mask and the picture under the
    /// inverted mask, S(X ⊙ M) − S(X ⊙ (1 − M)), as in Poly-CAM (Englebert et al., "Poly-CAM: High resolution class
    /// activation map for convolutional neural networks", 2022). This doubles the passes. The default is false.
    /// </summary>
    public bool TwoSided { get; init; }

    /// <summary>
    /// The variants of each mask to score. <see cref="MaskAveraging.Noise"/> gives SS-CAM, and
    /// <see cref="MaskAveraging.Steps"/> gives IS-CAM. Each variant takes a pass of its own. The default scores only
    /// the mask itself.
    /// </summary>
    public MaskAveraging Averaging { get; init; } = MaskAveraging.None;

    /// <summary>
    /// The channels that get a forward pass of their own. The default is all channels. Adaptive sampling needs only a
    /// fraction of the passes.
    /// </summary>
    public ChannelSampling Sampling { get; init; } = ChannelSampling.All;
}

/// <summary>
/// The published forms of Score-CAM. Each one is reproduced exactly. They differ in scores, weights, masks and
/// normalisation.
/// </summary>
public enum ScoreCamPreset
{
    /// <summary>Algorithm 1 of Wang et al., CVPRW 2020: logits, softmax over channels, half-pixel upsampling.</summary>
    Paper,

    /// <summary>
    /// The authors' code: the probability itself is the weight, dead channels are skipped, and maps are summed at input
    /// resolution.
    /// </summary>
    Official,

    /// <summary>
    /// The Python package pytorch-grad-cam: masks are upsampled with aligned corners, and the map is normalised twice.
    /// </summary>
    PytorchGradCam,

    /// <summary>
    /// The Python package torch-cam: masks are normalised before upsampling, and the map keeps the layer's resolution.
    /// </summary>
    TorchCam,

    /// <summary>
    /// Equation 10 of the paper: the weight is the increase of the probability over the baseline, which can be
    /// negative.
    /// </summary>
    IncreaseOfConfidence,

    /// <summary>
    /// Score-CAM++ (arXiv:2404.19341): tanh replaces min–max, and maps are summed at input resolution.
    /// </summary>
    ScoreCamPlusPlus,
}
