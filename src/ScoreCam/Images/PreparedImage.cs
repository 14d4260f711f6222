namespace ScoreCam.Images;

/// <summary>
/// A preprocessed picture: the input tensor for the network, and its mapping back to the picture. Immutable and
/// thread-safe.
/// </summary>
public sealed class PreparedImage
{
    private readonly float[] _tensor;

    internal PreparedImage(
        float[] tensor, int channels, int height, int width, RgbImage? picture, PictureMapping mapping)
    {
        (_tensor, Channels, Height, Width) = (tensor, channels, height, width);
        (Picture, Mapping) = (picture, mapping);
    }

    /// <summary>The number of colour channels: 3 or 1.</summary>
    public int Channels { get; }

    /// <summary>The number of rows of the network's input.</summary>
    public int Height { get; }

    /// <summary>The number of columns of the network's input.</summary>
    public int Width { get; }

    /// <summary>
    /// The preprocessed values, channels × height × width, row-major. This order does not depend on the network's
    /// layout.
    /// </summary>
    public ReadOnlySpan<float> Tensor => _tensor;

    /// <summary>The same values as an array. Do not change them.</summary>
    internal float[] Values => _tensor;

    /// <summary>The original picture; null if only a tensor was given.</summary>
    public RgbImage? Picture { get; }

    /// <summary>The position of the picture in the tensor.</summary>
    public PictureMapping Mapping { get; }

    /// <summary>Creates an image from a copy of preprocessed values, channels × height × width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is not positive.</exception>
    /// <exception cref="ArgumentException">
    /// The number of values is not channels · height · width, or a value is not finite.
    /// </exception>
    public static PreparedImage FromTensor(ReadOnlySpan<float> values, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Int128 expected = (Int128)channels * height * width;
        if (values.Length != expected)
            throw new ArgumentException(
                $"A tensor of {channels} × {height} × {width} has {expected} values, not {values.Length}.",
                nameof(values));
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new ArgumentException(
                    $"The value at channel {i / (height * width)}, row {i / width % height}, column {i % width} is "
                    + $"{values[i]}; every value must be finite.",
                    nameof(values));
        PictureMapping mapping = PictureMapping.Identity(width, height);
        return new PreparedImage(values.ToArray(), channels, height, width, null, mapping);
    }

    /// <summary>Mirrors the tensor left to right. The picture and its mapping do not change.</summary>
    internal PreparedImage Mirrored()
    {
        float[] mirrored = [.. _tensor];
        for (int row = 0; row < mirrored.Length; row += Width)
            mirrored.AsSpan(row, Width).Reverse();
        return new PreparedImage(mirrored, Channels, Height, Width, Picture, Mapping);
    }
}
