using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam;

/// <summary>The image input of a network, as read from the model.</summary>
public sealed record ImageInput
{
    /// <summary>The name of the input tensor.</summary>
    public required string Name { get; init; }

    /// <summary>The element type: Float, Float16 or UInt8.</summary>
    public required TensorElementType ElementType { get; init; }

    /// <summary>The order of the dimensions.</summary>
    public required TensorLayout Layout { get; init; }

    /// <summary>The number of colour channels: 3 or 1.</summary>
    public required int Channels { get; init; }

    /// <summary>The number of rows; null if the network accepts any number.</summary>
    public int? Height { get; init; }

    /// <summary>The number of columns; null if the network accepts any number.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// The number of pictures per run, usually 1, if the network fixes it; null if it accepts any number.
    /// </summary>
    public int? Batch { get; init; }

    internal bool IsByte => ElementType == TensorElementType.UInt8;

    internal bool IsFloat16 => ElementType == TensorElementType.Float16;

    /// <summary>
    /// True if the input is the tokens of a transformer, for the part of the network after them. The tensor then has
    /// three dimensions. It is treated as one row, which has no dimension of its own.
    /// </summary>
    internal bool IsTokens { get; init; }

    /// <summary>The dimensions of an input tensor for a batch of pictures of the given size.</summary>
    internal long[] Shape(int batch, int height, int width) =>
        IsTokens ? [batch, width, Channels]
        : Layout == TensorLayout.Nchw ? [batch, Channels, height, width]
        : [batch, height, width, Channels];
}

/// <summary>
/// The order of the dimensions of an image tensor. Tensors of one network can differ: a network can accept NHWC and use
/// NCHW internally.
/// </summary>
public enum TensorLayout
{
    /// <summary>Batch, channels, height, width.</summary>
    Nchw,

    /// <summary>Batch, height, width, channels.</summary>
    Nhwc,
}
