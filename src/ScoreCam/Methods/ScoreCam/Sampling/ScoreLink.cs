namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The scale on which scores are predicted (latent values), and the channel weights that follow from it. A normally
/// distributed latent value gives a distribution of weights, whose mean and spread are used for the map.
/// </summary>
internal abstract class ScoreLink
{
    /// <summary>Creates the link for a target with the given scores.</summary>
    /// <param name="rules">The rules for computing weights from scores.</param>
    /// <param name="scores">The measured scores; NaN for other channels.</param>
    /// <param name="baseline">The score of the fully masked picture, if the rule needs it.</param>
    public static ScoreLink For(PresetRules rules, ReadOnlySpan<float> scores, float baseline)
    {
        float largest = float.NegativeInfinity;
        bool areProbabilities = !rules.TwoSided;
        foreach (float score in scores)
        {
            if (float.IsNaN(score))
                continue;
            largest = Math.Max(largest, score);
            areProbabilities &= score is >= 0 and <= 1;
        }
        if (rules.Weights == WeightRule.Softmax)
            return new ExponentialLink(float.IsFinite(largest) ? largest : 0);
        // A function of probabilities, for example a difference, is not necessarily a probability.
        float offset = rules.Weights == WeightRule.IncreaseOverBaseline ? baseline : 0;
        return areProbabilities ? new LogisticLink(offset) : new LinearLink(offset);
    }

    /// <summary>Returns the latent value of a score.</summary>
    public abstract float Latent(float score);

    /// <summary>
    /// Returns the weight of a latent value. If weights are normalised over channels, it is exact up to a factor that
    /// all channels share.
    /// </summary>
    public abstract float Weight(float latent);

    /// <summary>Returns the score whose weight is the mean weight.</summary>
    public abstract float ExpectedScore(float mean, float variance);

    /// <summary>Returns the standard deviation of the weight.</summary>
    public abstract float Spread(float mean, float variance);

    /// <summary>Returns the mean derivative of the weight with respect to the latent value.</summary>
    public abstract float Slope(float mean, float variance);
}

/// <summary>Logits with weights exp(S), up to a factor. The weight has a log-normal distribution.</summary>
internal sealed class ExponentialLink(float reference) : ScoreLink
{
    // Weights are limited to e⁵⁰ times the weight of the best measured score.
    private const float Largest = 50;

    public override float Latent(float score) => score;

    public override float Weight(float latent) => MathF.Exp(Math.Min(latent - reference, Largest));

    public override float ExpectedScore(float mean, float variance) => mean + (variance / 2);

    public override float Spread(float mean, float variance) =>
        Weight(mean + (variance / 2)) * MathF.Sqrt(Math.Max(MathF.Exp(Math.Min(variance, Largest)) - 1, variance));

    public override float Slope(float mean, float variance) => Weight(mean + (variance / 2));
}

/// <summary>Probabilities, predicted as log-odds. The weight is the probability minus an offset.</summary>
internal sealed class LogisticLink(float offset) : ScoreLink
{
    private const float Smallest = 1e-7f;

    public override float Latent(float score)
    {
        float probability = Math.Clamp(score, Smallest, 1 - Smallest);
        return MathF.Log(probability / (1 - probability));
    }

    public override float Weight(float latent) => Probability(latent) - offset;

    public override float ExpectedScore(float mean, float variance) => Moments(mean, variance).Mean;

    public override float Spread(float mean, float variance) => Moments(mean, variance).Deviation;

    public override float Slope(float mean, float variance)
    {
        float step = MathF.Sqrt(3 * variance);
        static float At(float latent) => Probability(latent) * (1 - Probability(latent));
        return ((At(mean - step) + At(mean + step)) / 6) + (At(mean) * 2 / 3);
    }

    private static float Probability(float latent) => 1 / (1 + MathF.Exp(-latent));

    /// <summary>Gauss–Hermite quadrature at three points.</summary>
    private static (float Mean, float Deviation) Moments(float mean, float variance)
    {
        float step = MathF.Sqrt(3 * variance);
        (float low, float middle, float high) = (Probability(mean - step), Probability(mean), Probability(mean + step));
        float average = ((low + high) / 6) + (middle * 2 / 3);
        float Squared(float value) => (value - average) * (value - average);
        return (average, MathF.Sqrt(((Squared(low) + Squared(high)) / 6) + (Squared(middle) * 2 / 3)));
    }
}

/// <summary>Any other score. The weight is the score minus an offset.</summary>
internal sealed class LinearLink(float offset) : ScoreLink
{
    public override float Latent(float score) => score;

    public override float Weight(float latent) => latent - offset;

    public override float ExpectedScore(float mean, float variance) => mean;

    public override float Spread(float mean, float variance) => MathF.Sqrt(variance);

    public override float Slope(float mean, float variance) => 1;
}
