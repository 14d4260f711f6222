using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>
/// A picture as plain bytes: 8-bit sRGB, three interleaved channels (R, G, B), rows from top to bottom, without
/// padding. The image adapters convert to and from this type. Immutable and thread-safe.
/// </summary>
public sealed class RgbImage
{
    private readonly byte[] _pixels;

    /// <summary>Creates a picture from an array without copying it. Do not change the array afterwards.</summary>
    /// <param name="width">The number of columns, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <param name="pixels">Interleaved RGB, <c>3 · width · height</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The array does not have <c>3 · width · height</c> bytes.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(pixels);
        // The product of three numbers can overflow 64 bits.
        Int128 expected = (Int128)3 * width * height;
        if (pixels.Length != expected)
            throw new ArgumentException(
                $"A {width} × {height} picture has {expected} bytes (RGB), not {pixels.Length}.", nameof(pixels));
        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The interleaved RGB bytes, row by row; <c>3 · Width · Height</c> of them.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>
    /// Resizes the picture with antialiasing: each output pixel is a weighted mean of the pixels that it covers. The
    /// result equals Pillow's <c>Image.resize</c> byte for byte. The aspect ratio is not kept.
    /// </summary>
    /// <param name="width">The number of columns, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <param name="filter">The interpolation.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is not positive, or the filter is not a value of the enumeration.
    /// </exception>
    /// <exception cref="ArgumentException">The result is too large for an array.</exception>
    public RgbImage Resize(int width, int height, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!Enum.IsDefined(filter))
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected a value of ResampleFilter.");
        return Resampler.Resize(this, width, height, filter);
    }

    /// <summary>
    /// Saves the picture as a PNG file. An existing file is replaced. If writing fails, the existing file is unchanged.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, SavePng);

    /// <summary>Writes the picture as PNG to a stream. The stream stays open.</summary>
    /// <inheritdoc cref="SavePng(string)"/>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PngWriter.WriteRgb(stream, Width, _pixels);
    }
}
