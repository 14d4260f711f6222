namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The unmeasured channels whose unknown weights could change some target's map most, and what is known of them
/// together.
/// </summary>
internal sealed class Candidates
{
    private float[][]? _factor;

    /// <param name="most">How many at most: they cost the square.</param>
    /// <param name="targets">What is known of each target.</param>
    /// <param name="magnitudes">Largest absolute value of each row's map.</param>
    /// <param name="process">Has observed everything that was measured.</param>
    /// <param name="unmeasured">Rows to choose from.</param>
    public Candidates(int most, IReadOnlyList<TargetPrediction> targets, float[] magnitudes, GaussianProcess process, IEnumerable<int> unmeasured)
    {
        // The standard deviation of the weight times the largest value of the map, relative to the sum of that over all
        // weights.
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
                largest = Math.Max(largest, targets[t].Spread(row, process.Variances[row]) * magnitudes[row] / scales[t]);
            return largest;
        }
        // The sort is stable: of equal ones the first.
        Rows = [.. unmeasured.OrderByDescending(Importance).Take(most)];
        Covariances = process.Covariances(Rows);
    }

    /// <summary>By falling importance.</summary>
    public int[] Rows { get; }

    /// <summary>Of the latent values, in units of the process variance.</summary>
    public float[][] Covariances { get; }

    /// <summary>Their Cholesky factor.</summary>
    public float[][] Factor => _factor ??= Cholesky.Factor(Covariances);
}
