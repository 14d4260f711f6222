using ScoreCam.Methods.ScoreCam.Sampling;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Which channels get a forward pass of their own, and what becomes of the others. Immutable and thread-safe.
/// </summary>
public abstract class ChannelSampling
{
    private protected ChannelSampling()
    {
    }

    /// <summary>Every channel is scored: Score-CAM as published. The default.</summary>
    public static ChannelSampling All { get; } = new AllSampling();

    /// <summary>
    /// Only the channels whose activation maps have the largest standard deviation are scored; the others get no weight
    /// (Li et al., "Faster Score-CAM").
    /// </summary>
    /// <param name="channels">How many, at least 1. All of them where the layer has fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public static ChannelSampling TopVariance(int channels) => new TopVarianceSampling(channels);

    /// <summary>
    /// The channels that matter most for the map are scored, and the scores of the others are predicted from them by a
    /// Gaussian process on the masks. It stops at whichever limit comes first; without any, at a tolerance of 0.05.
    /// Where a limit leaves room for every channel, the result is that of <see cref="All"/>.
    /// </summary>
    /// <param name="maxPasses">
    /// Masked pictures that may go through the network, per layer (and per view with flip averaging); at least 2.
    /// </param>
    /// <param name="tolerance">
    /// Accepted largest absolute error of the normalised map at the layer's resolution, above 0 and at most 1. Sampling
    /// stops when the estimated error of no target is larger.
    /// </param>
    /// <param name="timeBudget">
    /// Time for the whole explanation. The result is the best map that was possible in this time, at most one batch
    /// later. Unlike the other limits, it is not reproducible.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public static ChannelSampling Adaptive(
        int? maxPasses = null, float? tolerance = null, TimeSpan? timeBudget = null) =>
        new AdaptiveSampling(maxPasses, tolerance, timeBudget);

    /// <summary>Begins a sweep over the masks of one layer.</summary>
    internal abstract ChannelSampler Begin(Sweep sweep);
}
