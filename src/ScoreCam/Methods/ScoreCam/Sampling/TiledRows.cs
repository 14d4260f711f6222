using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// A matrix to which rows can be appended. It is stored in tiles of 16 columns, so that a linear combination of all
/// rows reads memory once and in order.
/// </summary>
/// <param name="columns">The number of values per row.</param>
/// <param name="capacity">The largest number of rows.</param>
internal sealed class TiledRows(int columns, int capacity)
{
    /// <summary>The number of columns per tile: two registers.</summary>
    private const int Tile = 16;

    /// <summary>
    /// The number of linear combinations that are computed together. With two registers each, the sums stay in
    /// registers.
    /// </summary>
    private const int Group = 4;

    private readonly float[] _values = new float[(columns + Tile - 1) / Tile * Tile * capacity];

    /// <summary>The number of rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>The length of a row, rounded up to whole tiles, as <see cref="AddCombinations"/> requires.</summary>
    public int Stride { get; } = (columns + Tile - 1) / Tile * Tile;

    public float this[int row, int column] => _values[Index(row, column)];

    public void Append(ReadOnlySpan<float> row)
    {
        for (int column = 0; column < columns; column += Tile)
            row[column..Math.Min(column + Tile, columns)].CopyTo(_values.AsSpan(Index(Count, column)));
        Count++;
    }

    /// <summary>Copies one column, from the first row to the last.</summary>
    public void CopyColumn(int column, Span<float> destination)
    {
        int index = Index(0, column);
        for (int row = 0; row < Count; row++, index += Tile)
            destination[row] = _values[index];
    }

    /// <summary>Adds Σ_i coefficient_di · row_i to every destination d.</summary>
    /// <param name="coefficients">Destinations × rows.</param>
    /// <param name="destinations">Destinations × <see cref="Stride"/>.</param>
    public void AddCombinations(ReadOnlySpan<float> coefficients, Span<float> destinations)
    {
        int rows = Count, count = destinations.Length / Stride;
        if (rows == 0)
            return;
        // The coefficients of a group for one row are adjacent. The last group is padded with zeros.
        var grouped = new float[(count + Group - 1) / Group * Group * rows];
        for (int d = 0; d < count; d++)
            for (int i = 0; i < rows; i++)
                grouped[(((d / Group * rows) + i) * Group) + (d % Group)] = coefficients[(d * rows) + i];

        Span<float> sums = stackalloc float[Group * Tile];
        for (int column = 0; column < Stride; column += Tile)
        {
            ReadOnlySpan<float> tile = _values.AsSpan(column * capacity, rows * Tile);
            for (int first = 0; first < count; first += Group)
            {
                Combine(tile, grouped.AsSpan(first * rows, rows * Group), sums);
                for (int d = first; d < Math.Min(first + Group, count); d++)
                    for (int i = 0; i < Tile; i++)
                        destinations[(d * Stride) + column + i] += sums[((d - first) * Tile) + i];
            }
        }
    }

    private static void Combine(ReadOnlySpan<float> tile, ReadOnlySpan<float> coefficients, Span<float> sums)
    {
        ref float values = ref MemoryMarshal.GetReference(tile);
        ref float factors = ref MemoryMarshal.GetReference(coefficients);
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector256<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (nuint i = 0; i < (nuint)(coefficients.Length / Group); i++)
        {
            Vector256<float> low = Vector256.LoadUnsafe(ref values, i * Tile);
            Vector256<float> high = Vector256.LoadUnsafe(ref values, (i * Tile) + 8);
            Vector128<float> four = Vector128.LoadUnsafe(ref factors, i * Group);
            Vector256<float> a = Vector256.Create(four[0]), b = Vector256.Create(four[1]);
            Vector256<float> c = Vector256.Create(four[2]), d = Vector256.Create(four[3]);
            (a0, a1) = (Vector256.MultiplyAddEstimate(a, low, a0), Vector256.MultiplyAddEstimate(a, high, a1));
            (b0, b1) = (Vector256.MultiplyAddEstimate(b, low, b0), Vector256.MultiplyAddEstimate(b, high, b1));
            (c0, c1) = (Vector256.MultiplyAddEstimate(c, low, c0), Vector256.MultiplyAddEstimate(c, high, c1));
            (d0, d1) = (Vector256.MultiplyAddEstimate(d, low, d0), Vector256.MultiplyAddEstimate(d, high, d1));
        }
        a0.CopyTo(sums);
        a1.CopyTo(sums[8..]);
        b0.CopyTo(sums[16..]);
        b1.CopyTo(sums[24..]);
        c0.CopyTo(sums[32..]);
        c1.CopyTo(sums[40..]);
        d0.CopyTo(sums[48..]);
        d1.CopyTo(sums[56..]);
    }

    private int Index(int row, int column) => (column / Tile * Tile * capacity) + (row * Tile) + (column % Tile);
}
