using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>A tensor that can be tapped.</summary>
internal sealed record LayerSite
{
    public required string Tensor { get; init; }

    /// <summary>The node that makes it.</summary>
    public required OnnxNode Node { get; init; }

    /// <summary>Where its channels stand, if it is a map.</summary>
    public required TensorLayout Layout { get; init; }

    /// <summary>How to read it where it holds integers; null for real numbers.</summary>
    public Quantization? Quantization { get; init; }

    /// <summary>It holds one value for a channel. Where this is false, only the shape at run time tells.</summary>
    public bool CertainlyNotSpatial { get; init; }
}
