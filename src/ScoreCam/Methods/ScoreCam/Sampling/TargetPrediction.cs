namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The prediction of one target's scores, after some of them were measured. Means are latent values, one per row of the
/// features.
/// </summary>
internal sealed class TargetPrediction
{
    /// <summary>
    /// The largest variance that is used. Otherwise, the mean of a very uncertain weight would exceed all measured
    /// weights.
    /// </summary>
    private const float MaxVariance = 2;

    public required ScoreLink Link { get; init; }

    public required float[] Means { get; init; }

    /// <summary>The variance of the process, which multiplies its unit variances.</summary>
    public required float Variance { get; init; }

    /// <summary>The factor by which true deviations exceed the deviations that the process predicts.</summary>
    public required float Calibration { get; init; }

    /// <summary>Returns the score that represents an unmeasured score. Its weight is the expected weight.</summary>
    public float Score(int row, float unitVariance) => Link.ExpectedScore(Means[row], Limited(unitVariance));

    /// <summary>Returns the standard deviation of an unmeasured channel's weight.</summary>
    public float Spread(int row, float unitVariance) => Link.Spread(Means[row], Variance * unitVariance);

    /// <summary>
    /// Returns the mean derivative of an unmeasured channel's weight with respect to its latent value.
    /// </summary>
    public float Slope(int row, float unitVariance) => Link.Slope(Means[row], Limited(unitVariance));

    private float Limited(float unitVariance) => Math.Min(Variance * unitVariance, MaxVariance);
}

/// <summary>
/// Corrects predicted deviations. A score that is measured after it was predicted tests the prediction. The value is
/// the root mean square of the true deviations, in units of the predicted deviations.
/// </summary>
internal sealed class Calibration
{
    /// <summary>The number of deviations of 1 that are assumed before any deviation is measured.</summary>
    private const int Prior = 8;

    private const int MinRecent = 16;

    private readonly List<float> _squares = [];

    public void Add(float measured, float mean, float variance)
    {
        if (variance > 0)
            _squares.Add((measured - mean) * (measured - mean) / variance);
    }

    /// <summary>
    /// The root mean square over the later half, because later rounds are more similar to the channels that remain
    /// unmeasured.
    /// </summary>
    public float Value
    {
        get
        {
            int recent = Math.Min(_squares.Count, Math.Max(MinRecent, _squares.Count / 2));
            return MathF.Sqrt((Prior + _squares.TakeLast(recent).Sum()) / (Prior + recent));
        }
    }
}
