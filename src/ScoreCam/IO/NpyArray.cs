using System.Buffers.Binary;

namespace ScoreCam.IO;

/// <summary>
/// A float32 array in NumPy's <c>.npy</c> format: row-major, with any number of dimensions. Immutable and thread-safe.
/// </summary>
public sealed class NpyArray
{
    /// <summary>The largest number of values in a file: 2²⁸, which is 1 GiB of float32.</summary>
    public const int MaxValues = 1 << 28;

    private const int ChunkValues = 1 << 14;
    private readonly int[] _shape;
    private readonly float[] _values;

    /// <summary>Creates an array from a copy of row-major values.</summary>
    /// <param name="shape">The dimensions: at most 32, none of them negative. Empty for a single value.</param>
    /// <param name="values">The values; their number is the product of the dimensions.</param>
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

    /// <summary>The dimensions, slowest first. Empty for a single value.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>The values, row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>
    /// Loads a little-endian float32 file in C order, format versions 1 to 3. float64 and float16 are converted to
    /// float32.
    /// </summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not such a file, has another element type or order, is truncated, is followed by other bytes, or has
    /// more than <see cref="MaxValues"/> values.
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
    /// Reads one array from a stream, as <see cref="Load(string)"/> does. Afterwards, the stream is positioned after
    /// the last byte of the array.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The data is not such an array, has another element type or order, is truncated, or has more than
    /// <see cref="MaxValues"/> values.
    /// </exception>
    public static NpyArray Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NpyHeader header = NpyHeader.Read(stream);
        int size = header.ItemSize;
        byte[] bytes = new byte[ChunkValues * size];
        // The array grows with the values that are read, because a damaged header can announce too many.
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
    /// Saves a little-endian float32 file in C order, format version 1. An existing file is replaced. If writing fails,
    /// the existing file is unchanged.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes the array to a stream, as <see cref="Save(string)"/> does. The stream stays open.</summary>
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
