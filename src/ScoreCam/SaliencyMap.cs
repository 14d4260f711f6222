using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Numerics;
using ScoreCam.Rendering;

namespace ScoreCam;

/// <summary>A map with one value per pixel, rows from top to bottom. Immutable and thread-safe.</summary>
public sealed class SaliencyMap
{
    private readonly float[] _values;

    /// <summary>Creates a map and copies the values, given row by row.</summary>
    /// <param name="width">The number of columns, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <param name="values">The values, row by row; <c>width · height</c> of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The number of values is not width · height.</exception>
    public SaliencyMap(int width, int height, ReadOnlySpan<float> values)
        : this(width, height, values.ToArray())
    {
    }

    internal SaliencyMap(int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (values.LongLength != (long)width * height)
            throw new ArgumentException(
                $"A map of {width} × {height} has {(long)width * height} values, not {values.Length}.", nameof(values));
        (Width, Height, _values) = (width, height, values);
    }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The values, row by row.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The value at a row and a column, both counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row or the column is outside the map.</exception>
    public float this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Height, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Width, nameof(column));
            return _values[(row * Width) + column];
        }
    }

    /// <summary>
    /// Resizes the map with bilinear interpolation, half-pixel centres and clamped edges, like PyTorch's
    /// <c>interpolate</c> with <c>align_corners=False</c>.
    /// </summary>
    /// <param name="width">The number of columns, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The result is too large for an array.</exception>
    public SaliencyMap Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((width, height) == (Width, Height))
            return this;
        return Sample(
            height, width, () => BilinearAxis.HalfPixel(Height, height), () => BilinearAxis.HalfPixel(Width, width));
    }

    /// <summary>
    /// Converts the map to the coordinates of the original picture. Each pixel of the picture takes the interpolated
    /// value at its position in the network's input. Pixels that were cropped away are 0. The map can have any
    /// resolution and covers the whole input.
    /// </summary>
    /// <param name="mapping">The position and scale of the picture in the network's input.</param>
    /// <returns>A map of the width and height of the picture.</returns>
    /// <exception cref="ArgumentException">
    /// A side of the mapping is not positive, a scale or offset is not finite, or the picture is too large for an
    /// array.
    /// </exception>
    public SaliencyMap OnPicture(PictureMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        int smallest = Math.Min(
            Math.Min(mapping.PictureWidth, mapping.PictureHeight), Math.Min(mapping.InputWidth, mapping.InputHeight));
        if (smallest <= 0
            || !double.IsFinite(mapping.ScaleX + mapping.ScaleY + mapping.OffsetX + mapping.OffsetY))
            throw new ArgumentException(
                $"Sides must be positive, scales and offsets finite, but the mapping is {mapping}.", nameof(mapping));

        double InputX(int x) => ((x + 0.5) * mapping.ScaleX) + mapping.OffsetX;
        double InputY(int y) => ((y + 0.5) * mapping.ScaleY) + mapping.OffsetY;
        SaliencyMap map = Sample(
            mapping.PictureHeight,
            mapping.PictureWidth,
            () => BilinearAxis.At(Height, mapping.PictureHeight, y => (InputY(y) * Height / mapping.InputHeight) - 0.5),
            () => BilinearAxis.At(Width, mapping.PictureWidth, x => (InputX(x) * Width / mapping.InputWidth) - 0.5));

        for (int y = 0; y < map.Height; y++)
            if (InputY(y) < 0 || InputY(y) > mapping.InputHeight)
                map._values.AsSpan(y * map.Width, map.Width).Clear();
        for (int x = 0; x < map.Width; x++)
            if (InputX(x) < 0 || InputX(x) > mapping.InputWidth)
                for (int y = 0; y < map.Height; y++)
                    map._values[(y * map.Width) + x] = 0;
        return map;
    }

    /// <summary>
    /// Finds the connected regions where the map is at least <paramref name="threshold"/>, largest first. Pixels are
    /// connected if they share an edge or a corner. To get boxes in the original picture, call this method on
    /// <see cref="Explanation.MapOnPicture"/>.
    /// </summary>
    public IReadOnlyList<MapRegion> Regions(float threshold) => MapRegion.Find(this, threshold);

    /// <summary>
    /// Returns the bounding box of the largest of the <see cref="Regions"/>; null if no value reaches the threshold.
    /// </summary>
    public PixelBox? BoundingBox(float threshold) => Regions(threshold) is [var largest, ..] ? largest.Box : null;

    /// <summary>
    /// Saves the values as a NumPy file: float32, rows × columns. An existing file is replaced. If writing fails, the
    /// existing file is unchanged.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void SaveNpy(string path) => new NpyArray([Height, Width], _values).Save(path);

    /// <summary>
    /// Saves the map as a greyscale PNG file with 16 bits per pixel, where 65535 means 1. An existing file is replaced.
    /// If writing fails, the existing file is unchanged. For signed maps, use <see cref="SaveNpy"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A value is not in 0…1. The message names the pixel.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void SavePng16(string path) => AtomicFile.Write(path, SavePng16);

    /// <summary>Writes the map as a 16-bit greyscale PNG to a stream. The stream stays open.</summary>
    /// <inheritdoc cref="SavePng16(string)"/>
    public void SavePng16(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // Interpolation can exceed 1 by a rounding error.
        const float Rounding = 1e-5f;
        ushort[] pixels = new ushort[_values.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = _values[i] is >= -Rounding and <= 1 + Rounding
                ? (ushort)MathF.Round(65535 * Math.Clamp(_values[i], 0, 1))
                : throw new InvalidOperationException(
                    $"The map is {_values[i]} at row {i / Width}, column {i % Width}, and a PNG file holds 0…1. Save a "
                    + "normalised, unsigned map, or write SaveNpy.");
        PngWriter.WriteGray16(stream, Width, pixels);
    }

    /// <summary>The map mirrored left to right.</summary>
    internal SaliencyMap Mirrored()
    {
        float[] mirrored = [.. _values];
        for (int row = 0; row < mirrored.Length; row += Width)
            mirrored.AsSpan(row, Width).Reverse();
        return new SaliencyMap(Width, Height, mirrored);
    }

    /// <summary>The mean of this map and another of the same size.</summary>
    internal SaliencyMap MeanWith(SaliencyMap other)
    {
        float[] mean = new float[_values.Length];
        TensorPrimitives.Add(_values, other._values, mean);
        TensorPrimitives.Multiply(mean, 0.5f, mean);
        return new SaliencyMap(Width, Height, mean);
    }

    private SaliencyMap Sample(int height, int width, Func<BilinearAxis> rows, Func<BilinearAxis> columns)
    {
        // The intermediate result has the old rows and the new columns.
        if ((long)Math.Max(Height, height) * width > Array.MaxLength)
            throw new ArgumentException(
                $"A map of {Width} × {Height} at a size of {width} × {height} is more than an array holds; ask for a "
                + "smaller size.");
        (BilinearAxis down, BilinearAxis across) = (rows(), columns());
        float[] values = new float[height * width];
        Bilinear.Resize(_values, down, across, new float[Bilinear.ScratchLength(down, across)], values);
        return new SaliencyMap(width, height, values);
    }
}
