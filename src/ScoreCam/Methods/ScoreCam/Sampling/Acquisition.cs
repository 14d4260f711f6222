using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Chooses the channels to score next: the channels whose scores reduce the variance of some target's map most. A score
/// also gives information about the weights of other channels. A change that only scales the map does not count,
/// because normalisation removes it. All channels of a round are chosen before any of them is scored. Each choice
/// treats the earlier choices as known.
/// </summary>
/// <param name="maps">The maps to sum.</param>
/// <param name="channels">The channel of each row.</param>
internal sealed class Acquisition(SummedMaps maps, int[] channels)
{
    /// <summary>The largest number of candidates. More candidates hardly change the choice.</summary>
    public const int MaxCandidates = 128;

    /// <summary>Returns the most important channels, most important first.</summary>
    /// <param name="count">The largest number of channels to return.</param>
    /// <param name="candidates">The channels to choose from.</param>
    /// <param name="targets">The current prediction of each target.</param>
    /// <param name="weights">For each target, the weight of every channel of the layer.</param>
    /// <param name="variances">The unit variances.</param>
    public List<int> Choose(
        int count,
        Candidates candidates,
        IReadOnlyList<TargetPrediction> targets,
        IReadOnlyList<float[]> weights,
        ReadOnlySpan<float> variances)
    {
        int[] rows = candidates.Rows;
        float[][] covariances = [.. candidates.Covariances.Select(row => row.ToArray())];
        var influences = new float[targets.Count][][];
        for (int t = 0; t < influences.Length; t++)
            influences[t] = Influences(candidates, targets[t], weights[t], variances);

        var chosen = new List<int>(count);
        var free = Enumerable.Range(0, rows.Length).ToList();
        while (chosen.Count < count && free.Count > 0)
        {
            (int best, float largest) = (free[0], -1);
            foreach (int i in free)
            {
                float reduction = 0, variance = covariances[i][i] + GaussianProcess.Noise;
                foreach (float[][] influence in influences)
                    reduction = Math.Max(reduction, TensorPrimitives.SumOfSquares<float>(influence[i]) / variance);
                if (reduction > largest)
                    (best, largest) = (i, reduction);
            }
            chosen.Add(rows[best]);
            free.Remove(best);
            Observe(best, free, covariances, influences);
        }
        return chosen;
    }

    /// <summary>
    /// Returns, for every candidate, the covariance of its latent value with every position of the map, relative to the
    /// norm of the map.
    /// </summary>
    private float[][] Influences(
        Candidates candidates, TargetPrediction target, float[] weights, ReadOnlySpan<float> variances)
    {
        float[] map = maps.PooledSum(weights);
        float norm = TensorPrimitives.Norm<float>(map);
        TensorPrimitives.Multiply(map, norm > 0 ? 1 / norm : 0, map);
        float deviation = MathF.Sqrt(target.Variance);
        var steps = new float[candidates.Rows.Length][];
        for (int i = 0; i < steps.Length; i++)
        {
            int row = candidates.Rows[i];
            ReadOnlySpan<float> own = maps.Pooled(channels[row]);
            steps[i] = new float[own.Length];
            TensorPrimitives.MultiplyAdd(map, -TensorPrimitives.Dot(own, map), own, steps[i]);
            float factor = target.Slope(row, variances[row]) * deviation / Math.Max(norm, float.Epsilon);
            TensorPrimitives.Multiply(steps[i], factor, steps[i]);
        }
        var influences = new float[steps.Length][];
        for (int i = 0; i < steps.Length; i++)
        {
            influences[i] = new float[map.Length];
            for (int j = 0; j < steps.Length; j++)
                TensorPrimitives.MultiplyAdd(steps[j], candidates.Covariances[i][j], influences[i], influences[i]);
        }
        return influences;
    }

    /// <summary>Treats one candidate as known, and reduces the remaining covariances and influences.</summary>
    private static void Observe(int known, List<int> free, float[][] covariances, float[][][] influences)
    {
        float[] with = covariances[known];
        float variance = with[known] + GaussianProcess.Noise;
        foreach (int i in free)
        {
            float share = -covariances[i][known] / variance;
            foreach (float[][] influence in influences)
                TensorPrimitives.MultiplyAdd(influence[known], share, influence[i], influence[i]);
            TensorPrimitives.MultiplyAdd(with, share, covariances[i], covariances[i]);
        }
    }
}
