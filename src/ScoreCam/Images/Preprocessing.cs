using System.Numerics;
using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>The order of the colour channels in a tensor.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>
/// Describes how a picture becomes the network's input. The picture is resized, and each colour value becomes <c>(byte
/// · Scale − Mean) / Std</c>. Start from a preset and change it with <c>with</c>. Immutable and thread-safe.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>
    /// The factor that is applied to the bytes 0…255, before the mean and standard deviation. The default is 1/255.
    /// </summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>
    /// The mean that is subtracted after scaling, in the order red, green, blue for both values of <see cref="Order"/>.
    /// A greyscale network uses X. The default is 0.
    /// </summary>
    public Vector3 Mean { get; init; }

    /// <summary>
    /// The divisor, in the order red, green, blue for both values of <see cref="Order"/>. A greyscale network uses X.
    /// The default is 1.
    /// </summary>
    public Vector3 Std { get; init; } = Vector3.One;

    /// <summary>The order of the colour channels in the tensor. The default is RGB.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>
    /// How a picture of another shape is fitted into the input. By default, it is stretched, so that nothing is cropped
    /// away.
    /// </summary>
    public Fit Fit { get; init; } = Fit.Stretch;

    /// <summary>The interpolation of the resize, antialiased as in Pillow. The default is bilinear.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bilinear;

    /// <summary>
    /// The width of the input in pixels. The default is null, which means the width that the network requires, or the
    /// width of the picture if the network accepts any width.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>
    /// The height of the input in pixels. The default is null, which means the height that the network requires, or the
    /// height of the picture if the network accepts any height.
    /// </summary>
    public int? Height { get; init; }

    /// <summary>
    /// For <see cref="Fit.CenterCrop"/>, the length to which the shorter side is resized before cropping. The default
    /// is null, which means the length that just covers the input.
    /// </summary>
    public int? ShortestEdge { get; init; }

    /// <summary>
    /// For <see cref="Fit.CenterCrop"/> with a <see cref="ShortestEdge"/>, the largest length of the longer side. For
    /// <see cref="Fit.Letterbox"/>, the length to which the longer side is resized if the network accepts any size. The
    /// default is null, which means no limit.
    /// </summary>
    public int? LongestEdge { get; init; }

    /// <summary>
    /// The colour around the picture (R, G, B, each 0…255): the border of <see cref="Fit.Letterbox"/>, or the part of a
    /// crop outside the picture. The default is black.
    /// </summary>
    public Vector3 PadColor { get; init; }

    /// <summary>
    /// The ImageNet mean and standard deviation, RGB, for torchvision, timm and most PyTorch networks.
    /// </summary>
    public static Preprocessing Imagenet { get; } =
        new() { Mean = new(0.485f, 0.456f, 0.406f), Std = new(0.229f, 0.224f, 0.225f) };

    /// <summary>
    /// −1…1, RGB: (p − 127.5) / 127.5. For TensorFlow's Inception, MobileNet and EfficientNet-Lite, and for Teachable
    /// Machine.
    /// </summary>
    public static Preprocessing Inception { get; } = new() { Mean = new(0.5f), Std = new(0.5f) };

    /// <summary>0…1, RGB.</summary>
    public static Preprocessing Unit { get; } = new();

    /// <summary>0…255, RGB. For networks that normalise the picture themselves.</summary>
    public static Preprocessing Byte { get; } = new() { Scale = 1 };

    /// <summary>BGR, 0…255 minus the mean colour (104, 117, 123). For Caffe networks.</summary>
    public static Preprocessing Caffe { get; } =
        new() { Scale = 1, Mean = new(123, 117, 104), Order = ChannelOrder.Bgr };

    /// <summary>
    /// Reads a Hugging Face <c>preprocessor_config.json</c>, a timm <c>config.json</c> with <c>pretrained_cfg</c>, or
    /// the <c>metadata.json</c> of Teachable Machine.
    /// </summary>
    /// <remarks>
    /// These Hugging Face fields are read: size, crop_size, do_resize, do_center_crop, do_rescale, rescale_factor,
    /// do_normalize, image_mean, image_std, resample, do_flip_channel_order, crop_pct. The defaults of absent fields
    /// are to resize, to rescale by 1/255, to normalise, and to crop if there is a crop_size.
    /// </remarks>
    /// <exception cref="InvalidDataException">
    /// The text is not a configuration of these kinds, or it requires an unsupported feature. The message names the
    /// field.
    /// </exception>
    public static Preprocessing FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PreprocessorConfig.Parse(json, "The preprocessor configuration");
    }

    /// <summary>Loads the preprocessing from a file in one of the formats of <see cref="FromJson"/>.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="maxBytes">
    /// The largest accepted file, in bytes. A larger file is rejected before it is read. The default is 16 MiB.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The contents are not valid, as for <see cref="FromJson"/>, or the file is larger than
    /// <paramref name="maxBytes"/>. The message names the file.
    /// </exception>
    public static Preprocessing Load(string path, int maxBytes = LimitedReader.SidecarBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PreprocessorConfig.Load(path, maxBytes, nameof(maxBytes));
    }

    /// <summary>
    /// Whether this preprocessing determines or limits the size of an input that the network leaves free.
    /// </summary>
    internal bool FixesSize => Height is not null || Width is not null || Fit switch
    {
        Fit.CenterCrop => ShortestEdge is not null,
        Fit.Letterbox => LongestEdge is not null,
        _ => false,
    };

    /// <summary>Prepares a picture for an input of the given shape.</summary>
    /// <param name="picture">The original picture.</param>
    /// <param name="channels">3 for colour, 1 for greyscale (luma, ITU-R 601).</param>
    /// <param name="height">The height of the network's input; null if the network accepts any height.</param>
    /// <param name="width">The width of the network's input; null if the network accepts any width.</param>
    /// <returns>The tensor, with the picture and its position in the tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number of channels is neither 3 nor 1, or a side is not positive.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <see cref="Width"/> or <see cref="Height"/> differs from the size that the network requires. Or a property has
    /// an invalid value: a standard deviation of zero, a number that is not finite, or a size that is not positive.
    /// </exception>
    public PreparedImage Prepare(RgbImage picture, int channels = 3, int? height = null, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected 3 (colour) or 1 (grey).");
        Validate();
        PictureFit fit = PictureFit.Of(
            this,
            new(picture.Width, picture.Height),
            Side(Width, width, nameof(Width)),
            Side(Height, height, nameof(Height)));
        float[] tensor = ToTensor(fit.Apply(picture, Filter, PadColor), channels);
        PictureMapping mapping = fit.Mapping(picture.Width, picture.Height);
        return new PreparedImage(tensor, channels, fit.InputHeight, fit.InputWidth, picture, mapping);
    }

    /// <summary>
    /// Converts an input back to a picture of the input's size. It reverses the colour conversion of
    /// <see cref="Prepare"/>, rounds and clamps the values to bytes. A greyscale input gives a grey picture.
    /// </summary>
    /// <param name="image">An image that this preprocessing prepared, or a masked copy of such an image.</param>
    /// <exception cref="ArgumentException">A property of this preprocessing has an invalid value.</exception>
    public RgbImage ToPicture(PreparedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Validate();
        return new ColorConversion(this).ToPicture(image);
    }

    /// <summary>The colours of a picture of the input's size as channels × height × width.</summary>
    internal float[] ToTensor(RgbImage input, int channels) => new ColorConversion(this).ToTensor(input, channels);

    private static int? Side(int? wanted, int? network, string name)
    {
        string lower = name.ToLowerInvariant();
        if (network is int side)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side, lower);
        return wanted is null || network is null || wanted == network
            ? network ?? wanted
            : throw new ArgumentException(
                $"Preprocessing.{name} is {wanted}, but the network's input has a fixed {lower} of {network}; "
                + $"set it to {network} or leave it null.");
    }

    private void Validate()
    {
        Require(float.IsFinite(Scale) && Scale != 0, nameof(Scale), Scale, "a finite number other than zero");
        Require(Width is null or > 0, nameof(Width), Width, "null or at least 1");
        Require(Height is null or > 0, nameof(Height), Height, "null or at least 1");
        Require(ShortestEdge is null or > 0, nameof(ShortestEdge), ShortestEdge, "null or at least 1");
        Require(LongestEdge is null or > 0, nameof(LongestEdge), LongestEdge, "null or at least 1");
        Require(Enum.IsDefined(Fit), nameof(Fit), Fit, "Stretch, CenterCrop or Letterbox");
        Require(Enum.IsDefined(Filter), nameof(Filter), Filter, "a value of ResampleFilter");
        Require(Enum.IsDefined(Order), nameof(Order), Order, "Rgb or Bgr");
        for (int i = 0; i < 3; i++)
        {
            Require(float.IsFinite(Mean[i]), nameof(Mean), Mean, "finite numbers");
            Require(float.IsFinite(Std[i]) && Std[i] > 0, nameof(Std), Std, "positive finite numbers");
            Require(PadColor[i] is >= 0 and <= 255, nameof(PadColor), PadColor, "bytes, 0…255");
        }

        static void Require(bool holds, string name, object? value, string expected)
        {
            if (!holds)
                throw new ArgumentException($"Preprocessing.{name} is {value}; expected {expected}.");
        }
    }
}
