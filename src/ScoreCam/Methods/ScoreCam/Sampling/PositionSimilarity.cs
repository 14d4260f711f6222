namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The similarity of the positions of a layer: the cosine of their activations over all channels. A classifier that
/// pools over positions cannot distinguish two similar positions.
/// </summary>
internal sealed class PositionSimilarity
{
    private readonly TiledRows _cosines;

    /// <param name="maps">One map per row.</param>
    /// <param name="places">The number of values per map.</param>
    public PositionSimilarity(ReadOnlySpan<float> maps, int places)
    {
        int count = maps.Length / places;
        var rows = new TiledRows(places, count);
        var columns = new float[maps.Length];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> map = maps.Slice(row * places, places);
            rows.Append(map);
            for (int place = 0; place < places; place++)
                columns[(place * count) + row] = map[place];
        }
        var products = new float[places * rows.Stride];
        rows.AddCombinations(columns, products);

        var norms = new float[places];
        for (int place = 0; place < places; place++)
            norms[place] = MathF.Sqrt(products[(place * rows.Stride) + place]);
        _cosines = new TiledRows(places, places);
        for (int place = 0; place < places; place++)
        {
            Span<float> row = products.AsSpan(place * rows.Stride, places);
            for (int other = 0; other < places; other++)
            {
                float norm = norms[place] * norms[other];
                float cosine = norm > 0 ? row[other] / norm : 0;
                row[other] = place == other ? 1 : cosine;
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
