namespace ScoreCam;

/// <summary>
/// What a method found in one layer: the layer's own map, and the scores and weights it was made of.
/// Immutable and thread-safe.
/// </summary>
public sealed class LayerEvidence
{
    /// <summary>The layer.</summary>
    public required LayerInfo Layer { get; init; }

    /// <summary>The normalised map of this layer, 0…1, or −1…1 for signed evidence.</summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>The map before ReLU and normalisation, at the resolution in which the method makes it.</summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// Score of the target with the picture masked by each channel; length K. NaN for a channel that was skipped
    /// (by the preset, or by <see cref="Methods.ScoreCam.ChannelSampling.TopVariance"/>). For
    /// <see cref="PredictedChannels"/> it is the score whose weight is expected. Empty where the method scores no
    /// channels.
    /// </summary>
    public IReadOnlyList<float> ChannelScores { get; init; } = [];

    /// <summary>
    /// Weight of each channel's activation map; length K. Empty where the map is not a weighted sum of channels.
    /// </summary>
    public IReadOnlyList<float> ChannelWeights { get; init; } = [];

    /// <summary>Channels whose activation map is constant.</summary>
    public required int DeadChannels { get; init; }

    /// <summary>
    /// Runs of the network that this layer's map rests on, as <see cref="Explanation.Passes"/> counts them.
    /// </summary>
    public required int Passes { get; init; }

    /// <summary>
    /// Gradients that this layer's map rests on, as <see cref="Explanation.GradientPasses"/> counts them.
    /// </summary>
    public int GradientPasses { get; init; }

    /// <summary>
    /// Channels whose score was predicted and not measured, in ascending order. Only
    /// <see cref="Methods.ScoreCam.ChannelSampling.Adaptive"/> has any.
    /// </summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>
    /// Estimate of the largest absolute error of the normalised map, at the layer's resolution, that comes from scores
    /// that were not measured. 0 where all were measured. Null where it is not known
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
