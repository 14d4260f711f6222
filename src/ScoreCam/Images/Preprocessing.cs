using System.Numerics;
using ScoreCam.IO;

namespace ScoreCam.Images;

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

    /// <summary>The bytes (R, G, B, each 0…255) around the picture: the border of <see cref="Fit.Letterbox"/>, or what a crop reaches beyond the picture. Default black.</summary>
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

    /// <summary>Reads a Hugging Face <c>preprocessor_config.json</c>, also of ConvNeXT's kind (<c>crop_pct</c>).</summary>
    /// <remarks>
    /// Read: size, crop_size, do_resize, do_center_crop, do_rescale, rescale_factor, do_normalize, image_mean, image_std, resample,
    /// do_flip_channel_order, crop_pct. What is absent has Hugging Face's usual value: resize, rescale by 1/255, normalise, and crop where crop_size is given.
    /// </remarks>
    /// <exception cref="InvalidDataException">The text is not such JSON, or asks for something this library does not do; the message names the field.</exception>
    public static Preprocessing FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PreprocessorConfig.Parse(json, "The preprocessor configuration");
    }

    /// <summary>Reads a file as <see cref="FromJson"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A larger file is refused before it is read. Default: 16 MiB.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As <see cref="FromJson"/>, or a file of more than <paramref name="maxBytes"/>; the message names the file as well.</exception>
    public static Preprocessing Load(string path, int maxBytes = LimitedReader.SidecarBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PreprocessorConfig.Load(path, maxBytes, nameof(maxBytes));
    }

    /// <summary>Whether the size of the input follows from this value alone, whatever the picture's size is.</summary>
    internal bool FixesSize => Height is not null || Width is not null || (Fit == Fit.CenterCrop && ShortestEdge is not null);

    /// <summary>Prepares a picture for an input of the given shape.</summary>
    /// <param name="picture">The original.</param>
    /// <param name="channels">3 for colour, 1 for grey (luma, ITU-R 601).</param>
    /// <param name="height">The network's input height; null where it is free.</param>
    /// <param name="width">The network's input width; null where it is free.</param>
    /// <returns>The tensor, with the picture and how it lies in the tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of channels is neither 3 nor 1, or a side is not positive.</exception>
    /// <exception cref="ArgumentException">
    /// <see cref="Width"/> or <see cref="Height"/> differs from the network's fixed side, or a property of this value is
    /// impossible (a standard deviation of zero, a number that is not finite, a size that is not positive).
    /// </exception>
    public PreparedImage Prepare(RgbImage picture, int channels = 3, int? height = null, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected 3 (colour) or 1 (grey).");
        Validate();
        PictureFit fit = PictureFit.Of(Fit, ShortestEdge, picture.Width, picture.Height, Side(Width, width, nameof(Width)), Side(Height, height, nameof(Height)));
        RgbImage input = fit.Apply(picture, Filter, PadColor);
        return new PreparedImage(ToTensor(input, channels), channels, fit.InputHeight, fit.InputWidth, picture, fit.Mapping(picture.Width, picture.Height));
    }

    /// <summary>The input as a picture, at the input's size: the colours of <see cref="Prepare"/> undone, rounded and clamped to bytes. A grey input gives a grey picture.</summary>
    /// <param name="image">Prepared as this value says, or masked since.</param>
    /// <exception cref="ArgumentException">A property of this value is impossible.</exception>
    public RgbImage ToPicture(PreparedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Validate();
        int plane = image.Height * image.Width;
        byte[] pixels = new byte[Resampler.ByteCount(image.Width, image.Height)];
        for (int color = 0; color < 3; color++)
        {
            int channel = image.Channels == 1 ? 0 : Order == ChannelOrder.Rgb ? color : 2 - color;
            int statistic = image.Channels == 1 ? 0 : color;
            ReadOnlySpan<float> values = image.Tensor.Slice(channel * plane, plane);
            for (int i = 0; i < plane; i++)
                pixels[(3 * i) + color] = (byte)Math.Clamp(MathF.Round(((values[i] * Std[statistic]) + Mean[statistic]) / Scale), 0, 255);
        }
        return new RgbImage(image.Width, image.Height, pixels);
    }

    /// <summary>The colours of a picture of the input's size as channels × height × width.</summary>
    internal float[] ToTensor(RgbImage input, int channels)
    {
        ReadOnlySpan<byte> pixels = input.Pixels;
        int plane = pixels.Length / 3;
        float[] tensor = new float[channels * plane];
        if (channels == 1)
        {
            float[] values = Table(0);
            for (int i = 0; i < plane; i++)
                tensor[i] = values[Luma(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2])];
            return tensor;
        }

        for (int channel = 0; channel < 3; channel++)
        {
            int color = Order == ChannelOrder.Rgb ? channel : 2 - channel;
            float[] values = Table(color);
            Span<float> destination = tensor.AsSpan(channel * plane, plane);
            for (int i = 0; i < plane; i++)
                destination[i] = values[pixels[(3 * i) + color]];
        }

        return tensor;
    }

    // ITU-R 601 in fixed point, as Pillow converts to "L".
    private static int Luma(byte red, byte green, byte blue) => ((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16;

    // A byte has 256 values: the arithmetic is done once for each.
    private float[] Table(int color)
    {
        float[] values = new float[256];
        for (int i = 0; i < values.Length; i++)
            values[i] = ((i * Scale) - Mean[color]) / Std[color];
        return values;
    }

    private static int? Side(int? wanted, int? network, string name)
    {
        if (network is int side)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side, name.ToLowerInvariant());
        return wanted is null || network is null || wanted == network
            ? network ?? wanted
            : throw new ArgumentException(
                $"Preprocessing.{name} is {wanted}, but the network's input has a fixed {name.ToLowerInvariant()} of {network}; set it to {network} or leave it null.");
    }

    private void Validate()
    {
        Require(float.IsFinite(Scale) && Scale != 0, nameof(Scale), Scale, "a finite number other than zero");
        Require(Width is null or > 0, nameof(Width), Width, "null or at least 1");
        Require(Height is null or > 0, nameof(Height), Height, "null or at least 1");
        Require(ShortestEdge is null or > 0, nameof(ShortestEdge), ShortestEdge, "null or at least 1");
        Require(Enum.IsDefined(Fit), nameof(Fit), Fit, "Stretch, CenterCrop or Letterbox");
        Require(Enum.IsDefined(Filter), nameof(Filter), Filter, "Bilinear or Bicubic");
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
