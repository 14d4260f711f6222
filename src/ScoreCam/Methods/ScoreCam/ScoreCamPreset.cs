namespace ScoreCam.Methods.ScoreCam;

/// <summary>Published forms of Score-CAM, each reproduced exactly. They differ in scores, weights, masks and normalisation.</summary>
public enum ScoreCamPreset
{
    /// <summary>Algorithm 1 of Wang et al., CVPRW 2020: logits, softmax over channels, half-pixel upsampling.</summary>
    Paper,

    /// <summary>The authors' code: the probability itself is the weight, dead channels are skipped, maps are summed at input resolution.</summary>
    Official,

    /// <summary>The Python package pytorch-grad-cam: masks by align-corners upsampling, the map is normalised twice.</summary>
    PytorchGradCam,

    /// <summary>The Python package torch-cam: masks are normalised before upsampling, the map stays at the layer's resolution.</summary>
    TorchCam,

    /// <summary>Equation 10 of the paper: the weight is the increase of the probability over the baseline, and may be negative.</summary>
    IncreaseOfConfidence,

    /// <summary>Score-CAM++ (arXiv:2404.19341): tanh instead of min–max, maps summed at input resolution.</summary>
    ScoreCamPlusPlus,
}
