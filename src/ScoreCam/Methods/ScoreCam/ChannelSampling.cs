using ScoreCam.Methods.ScoreCam.Sampling;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Specifies which channels get a forward pass of their own, and how the other channels are handled. Immutable and
/// thread-safe.
/// </summary>
public abstract class ChannelSampling
{
    private protected ChannelSampling()
    {
    }

    /// <summary>Scores every channel, as in the published Score-CAM. This is the default.</summary>
    public static ChannelSampling All { get; } = new AllSampling();

    /// <summary>
    /// Scores only the channels whose activation maps have the largest standard deviation. The other channels get no
    /// weight (Li et al., "Faster Score-CAM").
    /// </summary>
    /// <param name="channels">
    /// The number of channels to score, at least 1. If the layer has fewer channels, all are scored.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static ChannelSampling TopVariance(int channels) => new TopVarianceSampling(channels);

    /// <summary>
    /// Scores the channels that matter most for the map. A Gaussian process on the masks predicts the scores of the
    /// other channels. Sampling stops at the first limit that is reached; without any limit, it uses a tolerance of
    /// 0.05. If the limits allow every channel to be scored, the result equals the result of <see cref="All"/>.
    /// </summary>
    /// <param name="maxPasses">
    /// The largest number of masked pictures to score per layer, and per view with flip averaging; at least 2.
    /// </param>
    /// <param name="tolerance">
    /// The accepted largest absolute error of the normalised map at the layer's resolution, above 0 and at most 1.
    /// Sampling stops when the estimated error of every target is within the tolerance.
    /// </param>
    /// <param name="timeBudget">
    /// The time for the whole explanation. The result is the best map that this time allows; the last batch can exceed
    /// the time. Unlike the other limits, this limit makes the result irreproducible.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static ChannelSampling Adaptive(
        int? maxPasses = null, float? tolerance = null, TimeSpan? timeBudget = null) =>
        new AdaptiveSampling(maxPasses, tolerance, timeBudget);

    /// <summary>Starts the sampling of the masks of one layer.</summary>
    internal abstract ChannelSampler Begin(Sweep sweep);
}
