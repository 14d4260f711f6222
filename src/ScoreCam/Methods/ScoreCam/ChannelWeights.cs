using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>Step 4: the scores become weights α_k.</summary>
internal static class ChannelWeights
{
    /// <param name="rule">How.</param>
    /// <param name="scores">One score per channel; NaN for a channel that was skipped, whose weight is 0.</param>
    /// <param name="baseline">Score of the fully masked picture, where the rule needs it.</param>
    public static float[] Compute(WeightRule rule, ReadOnlySpan<float> scores, float baseline)
    {
        var weights = new float[scores.Length];
        switch (rule)
        {
            case WeightRule.Softmax:
                // The baseline cancels in the softmax: exp(S − S_b) / Σ exp(S − S_b) = exp(S) / Σ exp(S).
                for (int k = 0; k < weights.Length; k++)
                    weights[k] = float.IsNaN(scores[k]) ? float.NegativeInfinity : scores[k];
                Softmax.Compute(weights, weights);
                break;
            case WeightRule.IncreaseOverBaseline:
                TensorPrimitives.Subtract(scores, baseline, weights);
                break;
            default:
                scores.CopyTo(weights);
                break;
        }
        for (int k = 0; k < weights.Length; k++)
            if (float.IsNaN(weights[k]))
                weights[k] = 0;
        return weights;
    }
}
