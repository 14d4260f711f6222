using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Estimates the error of the normalised map. The scores of the most important unmeasured channels are drawn from their
/// predicted distribution. Each draw gives a map, and its error is the largest difference from the predicted map. The
/// random numbers are fixed, so that equal scores give equal estimates.
/// </summary>
internal sealed class ErrorEstimate(SummedMaps maps, int[] channels)
{
    /// <summary>
    /// The largest number of channels to draw; other channels are treated as known. With half this number, the error
    /// was underestimated in layers with many channels.
    /// </summary>
    public const int MaxCandidates = 256;

    private const int Draws = 32;

    /// <summary>
    /// The median error of the draws is multiplied by this factor. The result covers the true error on more than nine
    /// of ten photographs (docs/performance.md).
    /// </summary>
    private const float Safety = 2.8f;

    private static readonly float[] Normal = StandardNormal(Draws * MaxCandidates);

    /// <param name="prediction">The current prediction of a target's scores.</param>
    /// <param name="weights">The weight of every channel of the layer, measured or predicted.</param>
    /// <param name="candidates">
    /// The unmeasured channels to draw. The other channels keep their predicted values.
    /// </param>
    public float Of(TargetPrediction prediction, ReadOnlySpan<float> weights, Candidates candidates)
    {
        if (candidates.Rows.Length == 0)
            return 0;
        int[] drawn = candidates.Rows;
        float[][] factor = candidates.Factor;
        float deviation = prediction.Calibration * MathF.Sqrt(prediction.Variance);

        float[] sum = maps.Sum(weights);
        float[] predicted = maps.Normalize([.. sum]);
        // The values that the ReLU cleared can be only slightly negative, and a tiny positive value would be normalised
        // to 1. Only measuring all scores decides this.
        if (TensorPrimitives.MaxMagnitude<float>(predicted) == 0)
            return maps.LargestError;
        var errors = new float[Draws];
        for (int d = 0; d < Draws; d++)
        {
            ReadOnlySpan<float> normal = Normal.AsSpan(d * MaxCandidates, drawn.Length);
            float[] map = [.. sum];
            for (int i = 0; i < drawn.Length; i++)
            {
                float step = TensorPrimitives.Dot(factor[i], normal[..(i + 1)]);
                float latent = prediction.Means[drawn[i]] + (deviation * step);
                int channel = channels[drawn[i]];
                maps.Add(channel, prediction.Link.Weight(latent) - weights[channel], map);
            }
            maps.Normalize(map);
            TensorPrimitives.Subtract(map, predicted, map);
            errors[d] = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(map));
        }
        Array.Sort(errors);
        return Math.Min(maps.LargestError, Safety * errors[(Draws - 1) / 2]);
    }

    private static float[] StandardNormal(int count)
    {
        // A seeded System.Random gives the same numbers on every machine and version.
        var random = new Random(1);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            // Box–Muller.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return values;
    }
}
