using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

/// <summary>
/// The incremental regression, compared with the textbook formulas, which are solved by Gaussian elimination in double
/// precision.
/// </summary>
public class GaussianProcessTests
{
    private const double Noise = 0.01;

    private readonly MaskKernel _kernel =
        new(new MaskFeatures(Random(channels: 30), [.. Enumerable.Range(0, 30)], MaskRule.UpsampleThenMinMax));

    [Fact]
    public void Means_variances_and_covariances_match_the_textbook_formulas()
    {
        int[] points = [3, 17, 29, 5, 30, 8, 22];
        float[] values = [1.5f, -2, 4, 0.25f, -3, 2, 1];
        var process = new GaussianProcess(_kernel, 30);
        foreach (int point in points)
            process.Add(point);
        Posterior posterior = process.Predict(values);

        double[] weightsOfOne = Solve(points, [.. points.Select(_ => 1.0)]),
            weightsOfValues = Solve(points, [.. values.Select(v => (double)v)]);
        double constant = weightsOfValues.Sum() / weightsOfOne.Sum();
        double[] weights = Solve(points, [.. values.Select(v => v - constant)]);
        posterior.Variance.Should()
            .BeApproximately((float)(values.Select((v, i) => (v - constant) * weights[i]).Sum()
            / (points.Length - 1)), 1e-3f);
        for (int row = 0; row < _kernel.Count; row++)
        {
            double[] covariance = [.. points.Select(point => (double)_kernel.Value(row, point))];
            posterior.Means[row].Should().BeApproximately((float)(constant + Dot(covariance, weights)), 1e-3f);
            process.Variances[row].Should()
                .BeApproximately((float)(_kernel.Value(row, row) - Dot(covariance, Solve(points, covariance))), 1e-4f);
        }

        int[] others = [0, 9, 17];
        float[][] covariances = process.Covariances(others);
        for (int p = 0; p < others.Length; p++)
            for (int q = 0; q < others.Length; q++)
            {
                double[] a = [.. points.Select(point => (double)_kernel.Value(others[p], point))],
                    b = [.. points.Select(point => (double)_kernel.Value(others[q], point))];
                covariances[p][q].Should()
                    .BeApproximately((float)(_kernel.Value(others[p], others[q]) - Dot(a, Solve(points, b))), 1e-4f);
            }
    }

    [Fact]
    public void Points_added_together_give_the_same_result_as_points_added_one_by_one()
    {
        // These are more points than one block.
        int[] points = [.. Enumerable.Range(2, 21)];
        GaussianProcess together = new(_kernel, 30), single = new(_kernel, 30);
        together.Add(points);
        foreach (int point in points)
            single.Add(point);
        float[] values = [.. points.Select(point => MathF.Sin(point))];
        (Posterior a, Posterior b) = (together.Predict(values), single.Predict(values));
        a.Variance.Should().BeApproximately(b.Variance, 1e-4f);
        for (int row = 0; row < _kernel.Count; row++)
        {
            a.Means[row].Should().BeApproximately(b.Means[row], 1e-3f);
            together.Variances[row].Should().BeApproximately(single.Variances[row], 1e-4f);
        }
    }

    [Fact]
    public void Points_beyond_the_capacity_are_left_out()
    {
        var process = new GaussianProcess(_kernel, 3);
        process.Add(1, 2);
        process.Add(5, 6, 7);
        process.Points.ToArray().Should().Equal(1, 2, 5);
    }

    [Fact]
    public void Equal_values_are_predicted_everywhere()
    {
        var process = new GaussianProcess(_kernel, 30);
        process.Add(1);
        process.Add(2);
        Posterior posterior = process.Predict([7, 7]);
        posterior.Means.Should().OnlyContain(mean => Math.Abs(mean - 7) < 1e-5f);
        posterior.Variance.Should().BeLessThan(1e-9f);
    }

    [Fact]
    public void Cholesky_factors_multiply_to_the_matrix()
    {
        float[][] matrix = [[4, 2, -1], [2, 3, 0.5f], [-1, 0.5f, 2]];
        float[][] factor = Cholesky.Factor(matrix);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j <= i; j++)
                Enumerable.Range(0, j + 1).Sum(k => factor[i][k] * factor[j][k]).Should()
                    .BeApproximately(matrix[i][j], 1e-5f);
    }

    [Fact]
    public void Rounding_of_a_singular_covariance_matrix_does_not_grow()
    {
        // Forty identical values, except for the rounding of their covariances.
        var random = new Random(6);
        float[][] matrix = [.. Enumerable.Range(0, 40).Select(_ => new float[40])];
        for (int i = 0; i < 40; i++)
            for (int j = 0; j <= i; j++)
                matrix[i][j] = matrix[j][i] = 0.01f + (2e-6f * ((float)random.NextDouble() - 0.5f));
        foreach (float[] row in Cholesky.Factor(matrix))
            row.Sum(v => v * v).Should().BeApproximately(0.01f, 1e-4f);
    }

    private static ActivationMaps Random(int channels)
    {
        var random = new Random(5);
        return new("layer", [.. Enumerable.Range(0, channels * 25)
            .Select(_ => MathF.Max(0, (float)random.NextDouble() - 0.3f))], channels, 5, 5);
    }

    private double[] Solve(int[] points, double[] right)
    {
        int n = points.Length;
        double[][] rows = [.. points.Select((p, i) =>
            (double[])[.. points.Select((q, j) => _kernel.Value(p, q) + (i == j ? Noise : 0)), right[i]])];
        for (int pivot = 0; pivot < n; pivot++)
            for (int row = 0; row < n; row++)
                if (row != pivot)
                {
                    double factor = rows[row][pivot] / rows[pivot][pivot];
                    for (int column = pivot; column <= n; column++)
                        rows[row][column] -= factor * rows[pivot][column];
                }
        return [.. rows.Select((row, i) => row[n] / row[i])];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
