using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam;

/// <summary>What the network takes: facts read from the model.</summary>
public sealed record ImageInput
{
    /// <summary>Name of the input tensor.</summary>
    public required string Name { get; init; }

    /// <summary>Element type: Float, Float16 or UInt8.</summary>
    public required TensorElementType ElementType { get; init; }

    /// <summary>Where the colour channels stand.</summary>
    public required TensorLayout Layout { get; init; }

    /// <summary>Colour channels: 3 or 1.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows; null where the network leaves them free.</summary>
    public int? Height { get; init; }

    /// <summary>Columns; null where the network leaves them free.</summary>
    public int? Width { get; init; }

    /// <summary>Pictures per run where the network fixes them (usually 1); null where they are free.</summary>
    public int? Batch { get; init; }

    internal bool IsByte => ElementType == TensorElementType.UInt8;

    internal bool IsFloat16 => ElementType == TensorElementType.Float16;

    /// <summary>
    /// True for the tokens of a transformer as the input of the part of the network after them. The tensor has three
    /// dimensions then: there is one row, which has no dimension.
    /// </summary>
    internal bool IsTokens { get; init; }

    /// <summary>Dimensions of an input tensor for so many pictures of this size.</summary>
    internal long[] Shape(int batch, int height, int width) =>
        IsTokens ? [batch, width, Channels]
        : Layout == TensorLayout.Nchw ? [batch, Channels, height, width]
        : [batch, height, width, Channels];
}

/// <summary>
/// Order of the dimensions of an image tensor. It is a fact of each tensor: a network may take NHWC and be NCHW inside.
/// </summary>
public enum TensorLayout
{
    /// <summary>Batch, channels, height, width.</summary>
    Nchw,

    /// <summary>Batch, height, width, channels.</summary>
    Nhwc,
}
