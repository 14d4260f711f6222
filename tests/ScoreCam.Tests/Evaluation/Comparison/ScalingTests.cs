using FluentAssertions;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

public class ScalingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(25)]
    public void Points_of_a_plane_keep_all_their_distances(int count)
    {
        Random random = new(count);
        (double X, double Y)[] points =
            [.. Enumerable.Range(0, count).Select(_ => (10 * random.NextDouble(), random.NextDouble()))];
        double[,] distances = Distances(points);
        PlaneScaling plane = PlaneScaling.Of(distances);
        plane.Stress.Should().BeApproximately(0, 1e-8);
        double[,] found = Distances([.. plane.Points]);
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                found[i, j].Should().BeApproximately(distances[i, j], 1e-8);
        plane.Points.Sum(point => point.X).Should().BeApproximately(0, 1e-9);
        plane.Points.Sum(point => point.Y).Should().BeApproximately(0, 1e-9);
        plane.Points.Sum(point => point.X * point.X)
            .Should().BeGreaterThan(plane.Points.Sum(point => point.Y * point.Y));
        plane.Points.MaxBy(point => Math.Abs(point.X)).X.Should().BePositive();
    }

    [Fact]
    public void Four_equidistant_points_become_a_square()
    {
        // In a plane, a square has the smallest errors. Its side a minimises 4(a − 1)² + 2(√2 a − 1)².
        double side = (4 + (2 * Math.Sqrt(2))) / 8;
        double errors =
            (4 * Math.Pow(side - 1, 2)) + (2 * Math.Pow((Math.Sqrt(2) * side) - 1, 2)), squares = 8 * side * side;
        PlaneScaling plane = PlaneScaling.Of(Equal(4));
        plane.Stress.Should().BeApproximately(Math.Sqrt(errors / squares), 1e-4);
        double[,] found = Distances([.. plane.Points]);
        double[] sorted = [.. from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, i) orderby found[i,
            j] select found[i, j]];
        sorted.Take(4).Should().AllSatisfy(length => length.Should().BeApproximately(side, 1e-2));
        sorted.Skip(4).Should().AllSatisfy(length => length.Should().BeApproximately(Math.Sqrt(2) * side, 1e-2));
    }

    [Fact]
    public void Close_pairs_stay_together_among_many_equidistant_points()
    {
        const int n = 30;
        double[,] distances = Equal(n);
        for (int i = 0; i < n; i += 10)
            distances[i, i + 1] = distances[i + 1, i] = 0.2;
        PlaneScaling plane = PlaneScaling.Of(distances);
        double[,] found = Distances([.. plane.Points]);
        double mean = (from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, i) select found[i, j]).Average();
        for (int i = 0; i < n; i += 10)
            found[i, i + 1].Should().BeLessThan(0.5 * mean);
        PlaneScaling.Of(distances, seed: 0).Points.Should().Equal(plane.Points, "the seed determines the points");
        PlaneScaling.Of(distances, seed: 1).Stress.Should().BeApproximately(plane.Stress, 0.05);
    }

    [Fact]
    public void Small_and_degenerate_sets_of_points_are_placed_exactly()
    {
        PlaneScaling.Of(new double[0, 0]).Points.Should().BeEmpty();
        PlaneScaling.Of(new double[1, 1]).Points.Should().Equal((0, 0));
        PlaneScaling two = PlaneScaling.Of(new double[,] { { 0, 3 }, { 3, 0 } });
        two.Points.Select(point => Math.Abs(point.X)).Should().AllSatisfy(x => x.Should().BeApproximately(1.5, 1e-12));
        two.Points.Select(point => point.Y).Should().Equal(0, 0);
        PlaneScaling same = PlaneScaling.Of(new double[3, 3]);
        same.Points.Should().Equal((0, 0), (0, 0), (0, 0));
        same.Stress.Should().Be(0);
    }

    [Fact]
    public void Invalid_distance_matrices_are_refused()
    {
        double[][,] wrong =
        [
            new double[2, 3], new double[,] { { 1 } }, new double[,] { { 0, 1 }, { 2, 0 } },
            new double[,] { { 0, -1 }, { -1, 0 } },
            new double[,] { { 0, double.NaN }, { double.NaN, 0 } },
        ];
        foreach (double[,] matrix in wrong)
            FluentActions.Invoking(() => PlaneScaling.Of(matrix)).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(60)]
    public void Eigenvectors_are_orthonormal_and_rebuild_the_matrix(int n)
    {
        Random random = new(n);
        double[,] matrix = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                matrix[i, j] = matrix[j, i] = random.NextDouble() - 0.5;
        (double[] values, double[,] vectors) = SymmetricEigen.Of(matrix);
        values.Should().BeInDescendingOrder();
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                Enumerable.Range(0, n).Sum(k => vectors[k, i] * vectors[k, j]).Should().BeApproximately(i == j
                    ? 1
                    : 0, 1e-10);
                double rebuilt = Enumerable.Range(0, n).Sum(k => values[k] * vectors[i, k] * vectors[j, k]);
                rebuilt.Should().BeApproximately(matrix[i, j], 1e-10);
            }
    }

    private static double[,] Equal(int n)
    {
        double[,] distances = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                distances[i, j] = i == j ? 0 : 1;
        return distances;
    }

    private static double[,] Distances((double X, double Y)[] points)
    {
        double[,] distances = new double[points.Length, points.Length];
        for (int i = 0; i < points.Length; i++)
            for (int j = 0; j < points.Length; j++)
                distances[i, j] = Math.Sqrt(Math.Pow(points[i].X - points[j].X,
                    2) + Math.Pow(points[i].Y - points[j].Y, 2));
        return distances;
    }
}
