using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The unmeasured channels whose unknown weights could change some target's map most, and the covariances of their
/// latent values.
/// </summary>
internal sealed class Candidates
{
    private float[][]? _factor;

    /// <param name="most">The largest number of candidates. The cost grows with its square.</param>
    /// <param name="targets">The current prediction of each target.</param>
    /// <param name="magnitudes">The largest absolute value of each row's map.</param>
    /// <param name="process">The process, which has observed everything that was measured.</param>
    /// <param name="unmeasured">The rows to choose from.</param>
    public Candidates(
        int most,
        IReadOnlyList<TargetPrediction> targets,
        float[] magnitudes,
        GaussianProcess process,
        IEnumerable<int> unmeasured)
    {
        // The standard deviation of the weight times the largest value of the map, relative to the sum of this product
        // over all weights.
        float[] scales = [.. targets.Select(target =>
        {
            float sum = 0;
            for (int row = 0; row < magnitudes.Length; row++)
                sum += magnitudes[row] * MathF.Abs(target.Link.Weight(target.Means[row]));
            return Math.Max(sum, float.Epsilon);
        })];
        float Importance(int row)
        {
            float largest = 0;
            for (int t = 0; t < scales.Length; t++)
            {
                float spread = targets[t].Spread(row, process.Variances[row]);
                largest = Math.Max(largest, spread * magnitudes[row] / scales[t]);
            }
            return largest;
        }
        // The sort is stable, so of equally important rows the first is kept.
        Rows = [.. unmeasured.OrderByDescending(Importance).Take(most)];
        Covariances = process.Covariances(Rows);
    }

    /// <summary>The rows of the candidates, most important first.</summary>
    public int[] Rows { get; }

    /// <summary>The covariances of the latent values, in units of the process variance.</summary>
    public float[][] Covariances { get; }

    /// <summary>The Cholesky factor of the covariances.</summary>
    public float[][] Factor => _factor ??= Cholesky.Factor(Covariances);
}

/// <summary>The Cholesky factorisation of a small covariance matrix.</summary>
internal static class Cholesky
{
    /// <summary>
    /// The smallest accepted variance. Smaller ones are rounding errors, which a division would magnify.
    /// </summary>
    private const float Smallest = 1e-5f;

    /// <summary>
    /// Returns the lower triangular L, row by row, with L Lᵀ equal to the matrix. Directions without variance get
    /// zeros.
    /// </summary>
    public static float[][] Factor(float[][] matrix)
    {
        int n = matrix.Length;
        var factor = new float[n][];
        for (int i = 0; i < n; i++)
        {
            factor[i] = new float[i + 1];
            for (int j = 0; j <= i; j++)
            {
                float rest = matrix[i][j] - TensorPrimitives.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                factor[i][j] = i == j ? (rest > Smallest ? MathF.Sqrt(rest) : 0)
                    : factor[j][j] > 0 ? rest / factor[j][j] : 0;
            }
        }
        return factor;
    }
}
