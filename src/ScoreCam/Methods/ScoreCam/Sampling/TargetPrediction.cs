namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The prediction of one target's scores, after some of them were measured. Means are latent values, one per row of the
/// features.
/// </summary>
internal sealed class TargetPrediction
{
    /// <summary>Limits the variance: the mean of a very uncertain weight would outweigh all measured ones.</summary>
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
    public float Score(int row, float unitVariance) => Link.ExpectedScore(Means[row], Limited(unitVariance));

    /// <summary>Standard deviation of an unmeasured channel's weight.</summary>
    public float Spread(int row, float unitVariance) => Link.Spread(Means[row], Variance * unitVariance);

    /// <summary>By how much an unmeasured channel's weight grows with its latent value.</summary>
    public float Slope(int row, float unitVariance) => Link.Slope(Means[row], Limited(unitVariance));

    private float Limited(float unitVariance) => Math.Min(Variance * unitVariance, MaxVariance);
}

/// <summary>
/// Corrects predicted deviations: a score that is measured after it was predicted tests the prediction. The value is
/// the root mean square of true deviations, in units of the predicted ones.
/// </summary>
internal sealed class Calibration
{
    /// <summary>The number of deviations of 1 that are assumed before any is measured.</summary>
    private const int Prior = 8;

    private const int MinRecent = 16;

    private readonly List<float> _squares = [];

    public void Add(float measured, float mean, float variance)
    {
        if (variance > 0)
            _squares.Add((measured - mean) * (measured - mean) / variance);
    }

    /// <summary>
    /// Root mean square of the later half: later rounds are more like the channels that remain unmeasured.
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
