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
            throw new ArgumentException($"A map of {width} × {height} has {(long)width * height} values, not {values.Length}.", nameof(values));
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
}
