using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Numerics;
using ScoreCam.Rendering;

namespace ScoreCam;

/// <summary>A map of evidence, one value per pixel, rows from top to bottom. Immutable and thread-safe.</summary>
public sealed class SaliencyMap
{
    private readonly float[] _values;

    /// <summary>Takes the values of a map, row by row; they are copied.</summary>
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

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The values, row by row.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The value at a row and a column.</summary>
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
    /// The map at another size: bilinear, half-pixel centres, edges clamped (PyTorch's <c>interpolate</c> with
    /// <c>align_corners=False</c>).
    /// </summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The result is larger than an array holds.</exception>
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
    /// The map in the coordinates of the original picture: each of its pixels takes the value at the place where its
    /// centre lies in the network's input, and 0 where it was cropped away. The map may have any resolution; it covers
    /// the whole input.
    /// </summary>
    /// <param name="mapping">How the picture lies in the input.</param>
    /// <returns>A map of the picture's width and height.</returns>
    /// <exception cref="ArgumentException">
    /// A side of the mapping is not positive, a scale or offset is not finite, or the picture is larger than an array
    /// holds.
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
    /// The connected regions in which the map is at least a threshold, the largest first. Neighbours touch by an edge
    /// or a corner. For boxes in the original picture, call it on <see cref="Explanation.MapOnPicture"/>.
    /// </summary>
    public IReadOnlyList<MapRegion> Regions(float threshold) => MapRegion.Find(this, threshold);

    /// <summary>
    /// The rectangle around the largest of the <see cref="Regions"/>; null where no value reaches the threshold.
    /// </summary>
    public PixelBox? BoundingBox(float threshold) => Regions(threshold) is [var largest, ..] ? largest.Box : null;

    /// <summary>
    /// Writes the values to a NumPy file, float32, rows × columns. An existing file is replaced. If writing fails, it
    /// stays as it was.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void SaveNpy(string path) => new NpyArray([Height, Width], _values).Save(path);

    /// <summary>
    /// Writes a grey PNG file with 16 bits per pixel, where 65535 means 1. An existing file is replaced. If writing
    /// fails, it stays as it was. Signed maps need <see cref="SaveNpy"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A value is not 0…1; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void SavePng16(string path) => AtomicFile.Write(path, SavePng16);

    /// <summary>Writes such a file to a stream, which stays open.</summary>
    /// <inheritdoc cref="SavePng16(string)"/>
    public void SavePng16(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // Interpolation may leave 1 by its rounding.
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

    /// <summary>The map with left and right exchanged.</summary>
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
        // The scratch has the old rows and the new columns.
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
