namespace ScoreCam;

/// <summary>
/// The evidence of one layer: its own map, with the scores and weights behind it. Immutable and thread-safe.
/// </summary>
public sealed class LayerEvidence
{
    /// <summary>The layer.</summary>
    public required LayerInfo Layer { get; init; }

    /// <summary>The normalised map of this layer, 0…1, or −1…1 for signed evidence.</summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>The map before ReLU and normalisation, at the resolution of the method.</summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// Score of the target with the picture masked by each channel; length K. NaN for a channel that was skipped
    /// (by the preset, or by <see cref="Methods.ScoreCam.ChannelSampling.TopVariance"/>). For
    /// <see cref="PredictedChannels"/> it is a prediction: the score that has the expected weight. Empty where the
    /// method scores no channels.
    /// </summary>
    public IReadOnlyList<float> ChannelScores { get; init; } = [];

    /// <summary>
    /// Weight of each channel's activation map; length K. Empty where the map is not a weighted sum of channels.
    /// </summary>
    public IReadOnlyList<float> ChannelWeights { get; init; } = [];

    /// <summary>Channels whose activation map is constant.</summary>
    public required int DeadChannels { get; init; }

    /// <summary>
    /// Runs of the network for this layer's map, counted as in <see cref="Explanation.Passes"/>.
    /// </summary>
    public required int Passes { get; init; }

    /// <summary>
    /// Gradients for this layer's map, counted as in <see cref="Explanation.GradientPasses"/>.
    /// </summary>
    public int GradientPasses { get; init; }

    /// <summary>
    /// Channels whose score was predicted and not measured, in ascending order. Only
    /// <see cref="Methods.ScoreCam.ChannelSampling.Adaptive"/> has any.
    /// </summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>
    /// Estimate of the largest absolute error of the normalised map, at the layer's resolution, caused by scores that
    /// were predicted. 0 where all scores were measured. Null where it is not known
    /// (<see cref="Methods.ScoreCam.ChannelSampling.TopVariance"/>), and for methods that predict nothing.
    /// </summary>
    public float? EstimatedError { get; init; }

    /// <summary>Time spent on this layer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What a reader should know before trusting this layer's map.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}, {Passes} passes";
}
