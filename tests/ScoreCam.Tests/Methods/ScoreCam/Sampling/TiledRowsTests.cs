using FluentAssertions;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

public class TiledRowsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(16, 5, 4)]
    [InlineData(17, 3, 6)]
    [InlineData(50, 33, 13)]
    public void Combinations_match_their_definition(int columns, int rows, int destinations)
    {
        var random = new Random(columns);
        float[][] matrix = [.. Enumerable.Range(0, rows).Select(_ => Numbers(random, columns))];
        var tiled = new TiledRows(columns, rows + 2);
        foreach (float[] row in matrix)
            tiled.Append(row);
        tiled.Count.Should().Be(rows);

        float[] coefficients = Numbers(random, destinations * rows),
            before = Numbers(random, destinations * tiled.Stride), after = [.. before];
        tiled.AddCombinations(coefficients, after);
        var column = new float[rows];
        for (int c = 0; c < columns; c++)
        {
            for (int d = 0; d < destinations; d++)
            {
                double expected = before[(d * tiled.Stride) + c]
                    + Enumerable.Range(0, rows).Sum(i => (double)coefficients[(d * rows) + i] * matrix[i][c]);
                after[(d * tiled.Stride) + c].Should().BeApproximately((float)expected, 1e-5f);
            }
            tiled.CopyColumn(c, column);
            column.Should().Equal(matrix.Select(row => row[c]));
        }
    }

    [Fact]
    public void Without_rows_nothing_is_added()
    {
        float[] values = [.. Enumerable.Range(0, 32).Select(i => (float)i)];
        new TiledRows(10, 4).AddCombinations([], values);
        values.Should().Equal(Enumerable.Range(0, 32).Select(i => (float)i));
    }

    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
}
