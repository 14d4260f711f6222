using System.Buffers.Binary;

namespace ScoreCam.IO;

/// <summary>
/// An array of float32 in NumPy's <c>.npy</c> format: row-major, any number of dimensions. Immutable and thread-safe.
/// </summary>
public sealed class NpyArray
{
    /// <summary>The largest number of values in a file: 2²⁸, which is 1 GiB of float32.</summary>
    public const int MaxValues = 1 << 28;

    private const int ChunkValues = 1 << 14;
    private readonly int[] _shape;
    private readonly float[] _values;

    /// <summary>Creates an array from a copy of row-major values.</summary>
    /// <param name="shape">The dimensions, at most 32 and none negative; empty for a single value.</param>
    /// <param name="values">The values, as many as the product of the dimensions.</param>
    /// <exception cref="ArgumentException">
    /// There are too many dimensions, one is negative, or the number of values is not the product of the dimensions.
    /// </exception>
    public NpyArray(ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
        : this(shape.ToArray(), values.ToArray())
    {
        if (shape.Length > NpyHeader.MaxDimensions)
            throw new ArgumentException(
                $"An array has at most {NpyHeader.MaxDimensions} dimensions, not {shape.Length}.", nameof(shape));
        long expected = 1;
        foreach (int dimension in _shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            expected = Math.Min(expected * dimension, int.MaxValue + 1L);
        }
        if (values.Length != expected)
            throw new ArgumentException(
                $"An array of shape {NpyHeader.Format(_shape)} does not have {values.Length} values.", nameof(values));
    }

    private NpyArray(int[] shape, float[] values) => (_shape, _values) = (shape, values);

    /// <summary>The dimensions, the slowest first; empty for a single value.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>The values, row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>
    /// Reads a file of little-endian float32, format versions 1 to 3, C order. float64 and float16 are converted.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not such a file, it has another type or order, it is truncated or followed by other bytes, or it has more
    /// than <see cref="MaxValues"/> values.
    /// </exception>
    public static NpyArray Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        try
        {
            NpyArray array = Load(file);
            return file.ReadByte() < 0 ? array : throw new InvalidDataException("more bytes follow the array");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' cannot be read as .npy: {e.Message}.", e);
        }
    }

    /// <summary>
    /// Reads one array from a stream, as <see cref="Load(string)"/> does. The stream then stands behind its last byte.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// It is not such data, it has another type or order, it is truncated, or it has more than
    /// <see cref="MaxValues"/> values.
    /// </exception>
    public static NpyArray Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NpyHeader header = NpyHeader.Read(stream);
        int size = header.ItemSize;
        byte[] bytes = new byte[ChunkValues * size];
        // The array grows with the values that were read, because a damaged header may announce too many.
        float[] values = new float[Math.Min(header.Count, ChunkValues)];
        for (int done = 0; done < header.Count;)
        {
            int count = Math.Min(ChunkValues, header.Count - done);
            int read = stream.ReadAtLeast(bytes.AsSpan(0, count * size), count * size, throwOnEndOfStream: false);
            if (read < count * size)
                throw new InvalidDataException(
                    $"shape {NpyHeader.Format(header.Shape)} has {header.Count} values, "
                    + $"but the data ends after {done + (read / size)}");
            if (done + count > values.Length)
                Array.Resize(ref values, (int)Math.Min(header.Count, 2L * (done + count)));
            for (int i = 0; i < count; i++)
                values[done + i] = ValueAt(bytes.AsSpan(i * size, size));
            done += count;
        }
        return new NpyArray(header.Shape, values);
    }

    /// <summary>
    /// Writes a file of little-endian float32 in C order, format version 1. An existing file is replaced; if writing
    /// fails, it stays.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes to a stream, as <see cref="Save(string)"/> does.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NpyHeader.Write(stream, _shape);
        byte[] bytes = new byte[Math.Min(_values.Length, ChunkValues) * sizeof(float)];
        foreach (float[] chunk in _values.Chunk(ChunkValues))
        {
            for (int i = 0; i < chunk.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), chunk[i]);
            stream.Write(bytes, 0, chunk.Length * sizeof(float));
        }
    }

    private static float ValueAt(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        4 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
