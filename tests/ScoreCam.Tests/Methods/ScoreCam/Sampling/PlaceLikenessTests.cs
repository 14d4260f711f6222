using FluentAssertions;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

public class PlaceLikenessTests
{
    [Fact]
    public void Rows_are_multiplied_with_the_cosines_of_the_places()
    {
        const int Channels = 21, Places = 19;
        var random = new Random(5);
        float[] maps = [.. Enumerable.Range(0, Channels * Places).Select(_ => random.NextSingle() - 0.3f)];
        float[] rows = [.. Enumerable.Range(0, 7 * Places).Select(_ => random.NextSingle())];
        var likeness = new PositionSimilarity(maps, Places);
        float[] products = likeness.Multiply(rows);
        for (int row = 0; row < 7; row++)
            for (int place = 0; place < Places; place++)
                products[(row * likeness.Stride) + place].Should()
                    .BeApproximately((float)Enumerable.Range(0, Places)
                    .Sum(other => rows[(row * Places) + other] * Cosine(other, place)), 1e-5f);

        double Cosine(int a, int b) => Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
        double Product(int a, int b) =>
            Enumerable.Range(0, Channels).Sum(k => (double)maps[(k * Places) + a] * maps[(k * Places) + b]);
    }

    [Fact]
    public void What_is_seen_in_one_of_two_places_that_are_alike_is_seen_in_the_other()
    {
        // The second place is three times the first, the third is unlike both, and nothing is active at the fourth.
        var likeness = new PositionSimilarity([1, 3, 0, 0, 2, 6, 0, 0, 0, 0, 5, 0], 4);
        Product([1, 0, 0, 0]).Should().Equal(1, 1, 0, 0);
        Product([0, 1, 0, 0]).Should().Equal(1, 1, 0, 0);
        Product([0, 0, 1, 0]).Should().Equal(0, 0, 1, 0);
        Product([0, 0, 0, 1]).Should().Equal(0, 0, 0, 1);

        IEnumerable<float> Product(float[] row) =>
            likeness.Multiply(row).Take(4).Select(value => MathF.Round(value, 5));
    }
}
