using FluentAssertions;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

public class PositionSimilarityTests
{
    [Fact]
    public void Rows_are_multiplied_with_the_cosines_of_the_positions()
    {
        const int Channels = 21, Positions = 19;
        var random = new Random(5);
        float[] maps = [.. Enumerable.Range(0, Channels * Positions).Select(_ => random.NextSingle() - 0.3f)];
        float[] rows = [.. Enumerable.Range(0, 7 * Positions).Select(_ => random.NextSingle())];
        var similarity = new PositionSimilarity(maps, Positions);
        float[] products = similarity.Multiply(rows);
        for (int row = 0; row < 7; row++)
            for (int position = 0; position < Positions; position++)
                products[(row * similarity.Stride) + position].Should()
                    .BeApproximately((float)Enumerable.Range(0, Positions)
                    .Sum(other => rows[(row * Positions) + other] * Cosine(other, position)), 1e-5f);

        double Cosine(int a, int b) => Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
        double Product(int a, int b) =>
            Enumerable.Range(0, Channels).Sum(k => (double)maps[(k * Positions) + a] * maps[(k * Positions) + b]);
    }

    [Fact]
    public void A_value_at_one_of_two_proportional_positions_counts_at_both()
    {
        // The second position is three times the first, the third is orthogonal to both, and the fourth is all zeros.
        var similarity = new PositionSimilarity([1, 3, 0, 0, 2, 6, 0, 0, 0, 0, 5, 0], 4);
        Product([1, 0, 0, 0]).Should().Equal(1, 1, 0, 0);
        Product([0, 1, 0, 0]).Should().Equal(1, 1, 0, 0);
        Product([0, 0, 1, 0]).Should().Equal(0, 0, 1, 0);
        Product([0, 0, 0, 1]).Should().Equal(0, 0, 0, 1);

        IEnumerable<float> Product(float[] row) =>
            similarity.Multiply(row).Take(4).Select(value => MathF.Round(value, 5));
    }
}
