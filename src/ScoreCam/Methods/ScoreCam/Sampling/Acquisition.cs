using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Which channels to score next: those whose scores, through all that they say of other channels' weights, leave the
/// least variance in some target's map. A change of the map along itself does not count: normalisation takes it out.
/// Whole rounds are chosen at once, each channel given those before it.
/// </summary>
/// <param name="maps">The maps that are summed.</param>
/// <param name="channels">Channel of each row.</param>
internal sealed class Acquisition(SummedMaps maps, int[] channels)
{
    /// <summary>More candidates would hardly change a choice.</summary>
    public const int MaxCandidates = 128;

    /// <summary>The most important channels, the most important first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="candidates">What to choose from.</param>
    /// <param name="targets">What is known of each target.</param>
    /// <param name="weights">For each target the weight of every channel of the layer.</param>
    /// <param name="variances">Unit variances.</param>
    public List<int> Choose(int count, Candidates candidates, IReadOnlyList<TargetPrediction> targets, IReadOnlyList<float[]> weights, ReadOnlySpan<float> variances)
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
                float reduction = 0;
                foreach (float[][] influence in influences)
                    reduction = Math.Max(reduction, TensorPrimitives.SumOfSquares<float>(influence[i]) / (covariances[i][i] + GaussianProcess.Noise));
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
    /// For every candidate, how its latent value goes with the map: its covariance with every place, per standard
    /// deviation of the process, relative to the map.
    /// </summary>
    private float[][] Influences(Candidates candidates, TargetPrediction target, float[] weights, ReadOnlySpan<float> variances)
    {
        float[] map = maps.PooledSum(weights);
        float norm = TensorPrimitives.Norm<float>(map);
        TensorPrimitives.Multiply(map, norm > 0 ? 1 / norm : 0, map);
        var steps = new float[candidates.Rows.Length][];
        for (int i = 0; i < steps.Length; i++)
        {
            int row = candidates.Rows[i];
            ReadOnlySpan<float> own = maps.Pooled(channels[row]);
            steps[i] = new float[own.Length];
            TensorPrimitives.MultiplyAdd(map, -TensorPrimitives.Dot(own, map), own, steps[i]);
            float factor = target.Slope(row, variances[row]) * MathF.Sqrt(target.Variance) / Math.Max(norm, float.Epsilon);
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
