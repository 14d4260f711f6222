using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

public class RoadTests
{
    [Fact]
    public void One_removed_pixel_is_the_weighted_mean_of_its_neighbours()
    {
        float[] plane = [1, 2, 3, 4, 99, 6, 7, 8, 9];
        new LinearImputation(3, 3, [4]).Fill(plane);
        plane[4].Should().BeApproximately(((2 + 4 + 6 + 8) / 6f) + ((1 + 3 + 7 + 9) / 12f), 1e-5f);
        // A corner has two neighbours by an edge and one by a corner: (1/6 · (2 + 4) + 1/12 · 5) / (5/12).
        float[] corner = [99, 2, 3, 4, 5, 6, 7, 8, 9];
        new LinearImputation(3, 3, [0]).Fill(corner);
        corner[0].Should().BeApproximately(((6 / 6f) + (5 / 12f)) / (5 / 12f), 1e-5f);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void Conjugate_gradients_give_the_solution_of_Gaussian_elimination(double share)
    {
        const int Height = 9, Width = 13;
        float[] map = EvaluationSetup.DistinctMap(3, Height * Width);
        IEnumerable<int> order = Enumerable.Range(0, map.Length).OrderBy(i => map[i]);
        int[] removed = [.. order.Take((int)(share * Height * Width))];
        var random = new Random(4);
        float[] plane = [.. Enumerable.Range(0, Height * Width).Select(_ => (float)(random.NextDouble() * 10))];
        double[] expected = Eliminate(plane, Height, Width, removed);
        new LinearImputation(Height, Width, removed).Fill(plane);
        plane.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-3);
    }

    [Theory]
    [InlineData(24, 20)]
    [InlineData(17, 23)]
    [InlineData(3, 40)]
    public void Large_holes_are_filled_as_by_Gaussian_elimination(int height, int width)
    {
        // Only a frame on two sides and one pixel in the middle remain.
        int center = (height / 2 * width) + (width / 2);
        IEnumerable<int> all = Enumerable.Range(0, height * width);
        int[] removed = [.. all.Where(i => i / width > 0 && i % width > 0 && i != center)];
        var random = new Random(5);
        float[] plane = [.. Enumerable.Range(0, height * width).Select(_ => (float)(random.NextDouble() * 10))];
        double[] expected = Eliminate(plane, height, width, removed);
        new LinearImputation(height, width, removed).Fill(plane);
        plane.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-3);
    }

    [Fact]
    public void The_value_is_half_the_difference_of_the_probabilities_when_removing_least_and_most_relevant_first()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] map = EvaluationSetup.DistinctMap(8);
        int[] order = [.. Enumerable.Range(0, 64).OrderByDescending(i => map[i])];
        double Probability(int[] removed, int stream)
        {
            var noise = new SeededRandom(6, stream);
            var x = new List<float>();
            for (int c = 0; c < 3; c++)
            {
                double[] plane = Eliminate(picture.Tensor.Slice(c * 64, 64).ToArray(), 8, 8, removed);
                foreach (int i in removed)
                    plane[i] += 0.01 * noise.NextNormal();
                x.AddRange(plane.Select(v => (float)v));
            }
            return EvaluationSetup.Probability(tiny, x, 1);
        }

        double[] most = [.. Enumerable.Range(1, 9).Select(i => Probability(order[..(int)Math.Round(6.4 * i)], i - 1))];
        double[] least =
            [.. Enumerable.Range(1, 9).Select(i => Probability(order[^(int)Math.Round(6.4 * i)..], 9 + i - 1))];
        MetricResult result = new Road(seed: 6).On(EvaluationSetup.With(model, picture, map, 1));
        result.Curves.Single(curve => curve.Name == "MoRF").Y.Zip(most, (a, b) => Math.Abs(a - b)).Max()
            .Should().BeLessThan(1e-5);
        result.Curves.Single(curve => curve.Name == "LeRF").Y.Zip(least, (a, b) => Math.Abs(a - b)).Max()
            .Should().BeLessThan(1e-5);
        result.Value.Should().BeApproximately(least.Zip(most, (l, m) => (l - m) / 2).Average(), 1e-5);
    }

    /// <summary>The dense system from the definition, solved by Gaussian elimination.</summary>
    private static double[] Eliminate(float[] plane, int height, int width, int[] removed)
    {
        int n = removed.Length;
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < height * width; j++)
            {
                (int dy, int dx) =
                    (Math.Abs((j / width) - (removed[i] / width)), Math.Abs((j % width) - (removed[i] % width)));
                if (Math.Max(dy, dx) != 1)
                    continue;
                double weight = dy + dx == 1 ? 1 / 6.0 : 1 / 12.0;
                a[i, i] += weight;
                int unknown = Array.IndexOf(removed, j);
                if (unknown >= 0)
                    a[i, unknown] -= weight;
                else
                    a[i, n] += weight * plane[j];
            }
        for (int i = 0; i < n; i++)
            for (int row = 0; row < n; row++)
            {
                double factor = row == i ? 0 : a[row, i] / a[i, i];
                for (int column = i; factor != 0 && column <= n; column++)
                    a[row, column] -= factor * a[i, column];
            }
        double[] filled = [.. plane.Select(v => (double)v)];
        for (int i = 0; i < n; i++)
            filled[removed[i]] = a[i, n] / a[i, i];
        return filled;
    }
}
