namespace ScoreCam;

/// <summary>
/// The evidence from one layer: its map, and the scores and weights behind the map. Immutable and thread-safe.
/// </summary>
public sealed class LayerEvidence
{
    /// <summary>The layer.</summary>
    public required LayerInfo Layer { get; init; }

    /// <summary>The normalised map of this layer: 0…1, or −1…1 for signed evidence.</summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>The map before ReLU and normalisation, at the resolution of the method.</summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// The target's score on the picture masked by each channel; length K. It is NaN for a channel that was skipped by
    /// the preset or by <see cref="Methods.ScoreCam.ChannelSampling.TopVariance"/>. For
    /// <see cref="PredictedChannels"/>, it is the score that yields the expected weight. Empty if the method does not
    /// score channels.
    /// </summary>
    public IReadOnlyList<float> ChannelScores { get; init; } = [];

    /// <summary>
    /// The weight of each channel's activation map; length K. Empty if the map is not a weighted sum of channels.
    /// </summary>
    public IReadOnlyList<float> ChannelWeights { get; init; } = [];

    /// <summary>The number of channels whose activation map is constant.</summary>
    public required int DeadChannels { get; init; }

    /// <summary>
    /// The number of network runs for this layer's map, counted as in <see cref="Explanation.Passes"/>.
    /// </summary>
    public required int Passes { get; init; }

    /// <summary>
    /// The number of gradient computations for this layer's map, counted as in
    /// <see cref="Explanation.GradientPasses"/>.
    /// </summary>
    public int GradientPasses { get; init; }

    /// <summary>
    /// The channels whose score was predicted instead of measured, in ascending order. Empty unless the method uses
    /// <see cref="Methods.ScoreCam.ChannelSampling.Adaptive"/>.
    /// </summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>
    /// The estimated largest absolute error of the normalised map at the layer's resolution, caused by predicted
    /// scores. It is 0 if all scores were measured. It is null if the error is unknown
    /// (<see cref="Methods.ScoreCam.ChannelSampling.TopVariance"/>), and for methods that do not predict scores.
    /// </summary>
    public float? EstimatedError { get; init; }

    /// <summary>The time spent on this layer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Problems that a reader should know about before trusting this layer's map. Empty if there are none.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}, {Passes} passes";
}
