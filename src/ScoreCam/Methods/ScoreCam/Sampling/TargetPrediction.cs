namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// What is known of one target's scores, after some of them were measured. Means are latent values, one per row of the
/// features.
/// </summary>
internal sealed class TargetPrediction
{
    /// <summary>A weight that is far from known would stand for more than all that are.</summary>
    private const float MaxVariance = 2;

    public required ScoreLink Link { get; init; }

    public required float[] Means { get; init; }

    /// <summary>Variance of the process, by which its unit variances are multiplied.</summary>
    public required float Variance { get; init; }

    /// <summary>By how much true deviations are larger than the process says.</summary>
    public required float Calibration { get; init; }

    /// <summary>
    /// The score that stands for an unmeasured one: its weight is the mean of what the weight may be.
    /// </summary>
    public float Score(int row, float unitVariance) => Link.ExpectedScore(Means[row], Math.Min(Variance * unitVariance, MaxVariance));

    /// <summary>Standard deviation of an unmeasured channel's weight.</summary>
    public float Spread(int row, float unitVariance) => Link.Spread(Means[row], Variance * unitVariance);

    /// <summary>By how much an unmeasured channel's weight grows with its latent value.</summary>
    public float Slope(int row, float unitVariance) => Link.Slope(Means[row], Math.Min(Variance * unitVariance, MaxVariance));
}
