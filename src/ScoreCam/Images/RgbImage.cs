namespace ScoreCam.Images;

/// <summary>
/// A picture as plain bytes: 8-bit sRGB, three interleaved channels (R, G, B), rows from top to bottom, no padding.
/// It is what adapters hand over and what overlays come back as. Immutable and thread-safe.
/// </summary>
public sealed class RgbImage
{
    private readonly byte[] _pixels;

    /// <summary>Wraps pixels without copying them; do not change the array afterwards.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Interleaved RGB, <c>3 · width · height</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(pixels);
        // Three times the product may be more than 64 bits hold.
        if (pixels.Length != (Int128)3 * width * height)
            throw new ArgumentException($"A {width} × {height} picture has {(Int128)3 * width * height} bytes (RGB), not {pixels.Length}.", nameof(pixels));
        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Interleaved RGB bytes, row by row, <c>3 · Width · Height</c> of them.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>
    /// The picture at another size, antialiased: each output pixel is a weighted mean of all the pixels it covers, byte for
    /// byte as Pillow's <c>Image.resize</c>. The aspect ratio is not kept.
    /// </summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="filter">Interpolation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the filter is none of the enumeration.</exception>
    /// <exception cref="ArgumentException">The result is larger than an array holds.</exception>
    public RgbImage Resize(int width, int height, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!Enum.IsDefined(filter))
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected Bilinear or Bicubic.");
        return Resampler.Resize(this, width, height, filter);
    }
}
