using System.Numerics;

namespace ScoreCam.Imaging;

/// <summary>
/// How a picture becomes the network's input: resize, then <c>(byte · Scale − Mean) / Std</c> per colour.
/// An immutable value; start from a named preset and change it with <c>with</c>.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Factor on the bytes 0…255 before mean and standard deviation. Default 1/255.</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>Subtracted after scaling, as red, green, blue whatever <see cref="Order"/> is. A grey network uses X. Default 0.</summary>
    public Vector3 Mean { get; init; }

    /// <summary>Divisor, as red, green, blue. A grey network uses X. Default 1.</summary>
    public Vector3 Std { get; init; } = Vector3.One;

    /// <summary>Order of the colour channels in the tensor. Default RGB.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>How a picture of another shape is made to fit. Default: stretched, so that nothing is cropped away.</summary>
    public Fit Fit { get; init; } = Fit.Stretch;

    /// <summary>Interpolation when resizing; antialiased, as in Pillow. Default bilinear.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bilinear;

    /// <summary>Input width; null takes the network's, or the picture's where the network leaves it free.</summary>
    public int? Width { get; init; }

    /// <summary>Input height; null takes the network's, or the picture's where the network leaves it free.</summary>
    public int? Height { get; init; }

    /// <summary>For <see cref="Fit.CenterCrop"/>: the shorter side is resized to this before cropping; null resizes it to the input's own size.</summary>
    public int? ShortestEdge { get; init; }

    /// <summary>For <see cref="Fit.Letterbox"/>: the bytes (R, G, B, each 0…255) of the border. Default black.</summary>
    public Vector3 PadColor { get; init; }

    /// <summary>ImageNet mean and standard deviation, RGB: torchvision, timm and most PyTorch networks.</summary>
    public static Preprocessing Imagenet { get; } = new() { Mean = new(0.485f, 0.456f, 0.406f), Std = new(0.229f, 0.224f, 0.225f) };

    /// <summary>−1…1, RGB: (p − 127.5) / 127.5, as Inception, MobileNet and EfficientNet-Lite from TensorFlow take it.</summary>
    public static Preprocessing Inception { get; } = new() { Mean = new(0.5f), Std = new(0.5f) };

    /// <summary>0…1, RGB.</summary>
    public static Preprocessing Unit { get; } = new();

    /// <summary>0…255, RGB: networks that normalise inside.</summary>
    public static Preprocessing Byte { get; } = new() { Scale = 1 };

    /// <summary>BGR, 0…255 minus the mean colour (104, 117, 123): Caffe's networks.</summary>
    public static Preprocessing Caffe { get; } = new() { Scale = 1, Mean = new(123, 117, 104), Order = ChannelOrder.Bgr };

    /// <summary>Prepares a picture for an input of the given shape.</summary>
    /// <param name="picture">The original.</param>
    /// <param name="channels">3 for colour, 1 for grey (luma, ITU-R 601).</param>
    /// <param name="height">The network's input height; null where it is free.</param>
    /// <param name="width">The network's input width; null where it is free.</param>
    public PreparedImage Prepare(RgbImage picture, int channels = 3, int? height = null, int? width = null) => throw new NotImplementedException();
}

/// <summary>Order of the colour channels in a tensor.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>How a picture is made to fit an input of another shape.</summary>
public enum Fit
{
    /// <summary>Both sides are resized; the whole picture is seen, its aspect ratio changes.</summary>
    Stretch,

    /// <summary>The shorter side is resized, the centre is kept.</summary>
    CenterCrop,

    /// <summary>The longer side is resized, the rest is filled with <see cref="Preprocessing.PadColor"/>.</summary>
    Letterbox,
}

/// <summary>Interpolation used when a picture is resized.</summary>
public enum ResampleFilter
{
    /// <summary>Triangle filter, widened when shrinking (Pillow's BILINEAR).</summary>
    Bilinear,

    /// <summary>Cubic filter with a = −0.5, widened when shrinking (Pillow's BICUBIC).</summary>
    Bicubic,
}
