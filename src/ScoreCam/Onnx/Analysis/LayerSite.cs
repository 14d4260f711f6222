using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>A tensor with activation maps.</summary>
internal sealed record LayerSite
{
    public required string Tensor { get; init; }

    /// <summary>The node that computes it.</summary>
    public required OnnxNode Node { get; init; }

    /// <summary>The arrangement of the maps in the tensor.</summary>
    public required FeatureShape Shape { get; init; }

    /// <summary>How to convert integers to real numbers; null if the tensor contains real numbers.</summary>
    public Quantization? Quantization { get; init; }

    /// <summary>Whether the tensor contains the tokens of a transformer.</summary>
    public bool IsTokens => Shape.Layout == FeatureLayout.Tokens;

    public LayerInfo ToInfo() => new()
    {
        Name = Tensor,
        NodeName = Node.Name,
        OpType = Node.OpType,
        Channels = Shape.Channels,
        Height = Shape.Height,
        Width = Shape.Width,
        Layout = Shape.Layout,
        PrefixTokens = Shape.PrefixTokens,
    };
}
