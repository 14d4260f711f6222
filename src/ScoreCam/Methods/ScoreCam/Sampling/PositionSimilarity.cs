namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The similarity of the positions of a layer: the cosine of their activations over all channels. A classifier that
/// pools over positions cannot distinguish two similar positions.
/// </summary>
internal sealed class PositionSimilarity
{
    private readonly TiledRows _cosines;

    /// <param name="maps">One map per row.</param>
    /// <param name="positions">The number of values per map.</param>
    public PositionSimilarity(ReadOnlySpan<float> maps, int positions)
    {
        int count = maps.Length / positions;
        var rows = new TiledRows(positions, count);
        var columns = new float[maps.Length];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> map = maps.Slice(row * positions, positions);
            rows.Append(map);
            for (int position = 0; position < positions; position++)
                columns[(position * count) + row] = map[position];
        }
        var products = new float[positions * rows.Stride];
        rows.AddCombinations(columns, products);

        var norms = new float[positions];
        for (int position = 0; position < positions; position++)
            norms[position] = MathF.Sqrt(products[(position * rows.Stride) + position]);
        _cosines = new TiledRows(positions, positions);
        for (int position = 0; position < positions; position++)
        {
            Span<float> row = products.AsSpan(position * rows.Stride, positions);
            for (int other = 0; other < positions; other++)
            {
                float norm = norms[position] * norms[other];
                float cosine = norm > 0 ? row[other] / norm : 0;
                row[other] = position == other ? 1 : cosine;
            }
            _cosines.Append(row);
        }
    }

    /// <summary>The length of a row of products.</summary>
    public int Stride => _cosines.Stride;

    /// <summary>Multiplies rows by the matrix of cosines.</summary>
    /// <param name="rows">The rows × positions.</param>
    public float[] Multiply(ReadOnlySpan<float> rows)
    {
        var products = new float[rows.Length / _cosines.Count * Stride];
        _cosines.AddCombinations(rows, products);
        return products;
    }
}
