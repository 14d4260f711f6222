using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>Step 4: computes the channel weights α_k from the scores.</summary>
internal static class ChannelWeights
{
    /// <param name="rule">The rule for computing the weights.</param>
    /// <param name="scores">One score per channel. It is NaN for a skipped channel, whose weight is 0.</param>
    /// <param name="baseline">The score of the fully masked picture, if the rule needs it.</param>
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
