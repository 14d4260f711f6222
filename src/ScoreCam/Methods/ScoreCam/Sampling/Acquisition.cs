using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Chooses the channels to score next: those that, once scored, leave the least variance in some target's map. A score
/// also tells about the weights of other channels. A change that only scales the map does not count, because
/// normalisation removes it. A round is chosen at once; each choice takes the earlier ones as known.
/// </summary>
/// <param name="maps">The maps that are summed.</param>
/// <param name="channels">Channel of each row.</param>
internal sealed class Acquisition(SummedMaps maps, int[] channels)
{
    /// <summary>With more candidates the choice hardly changes.</summary>
    public const int MaxCandidates = 128;

    /// <summary>The most important channels, the most important first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="candidates">What to choose from.</param>
    /// <param name="targets">What is known of each target.</param>
    /// <param name="weights">For each target the weight of every channel of the layer.</param>
    /// <param name="variances">Unit variances.</param>
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
    /// For every candidate, the covariance of its latent value with every place of the map, relative to the map's norm.
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

    /// <summary>What is left when one candidate is known: less covariance, and less influence.</summary>
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
