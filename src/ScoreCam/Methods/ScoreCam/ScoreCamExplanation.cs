namespace ScoreCam.Methods.ScoreCam;

/// <summary>An explanation by Score-CAM, with its evidence.</summary>
public sealed class ScoreCamExplanation : Explanation
{
    /// <summary>The published form that was computed.</summary>
    public required ScoreCamPreset Preset { get; init; }

    /// <summary>One entry per explained layer, in the order asked for. With several, the explanation's own map is the mean of theirs.</summary>
    public required IReadOnlyList<LayerEvidence> Layers { get; init; }

    /// <summary>Masked pictures whose scores the explanation rests on, over all layers.</summary>
    public int Passes => Layers.Sum(layer => layer.Passes);
}

/// <summary>What Score-CAM found in one layer. Immutable and thread-safe.</summary>
public sealed class LayerEvidence
{
    /// <summary>The layer.</summary>
    public required LayerInfo Layer { get; init; }

    /// <summary>The normalised map of this layer, 0…1, or −1…1 for signed evidence.</summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>The weighted sum before ReLU and normalisation.</summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// Score of the target with the picture masked by each channel; length K. NaN for a channel that the preset or <see cref="ChannelSampling.TopVariance"/> skips;
    /// predicted for <see cref="PredictedChannels"/>: there it is the score whose weight is expected.
    /// </summary>
    public required IReadOnlyList<float> ChannelScores { get; init; }

    /// <summary>Weight of each channel's activation map; length K.</summary>
    public required IReadOnlyList<float> ChannelWeights { get; init; }

    /// <summary>Channels whose activation map is constant: their mask is all zero.</summary>
    public required int DeadChannels { get; init; }

    /// <summary>Masked pictures whose scores this layer's map rests on. The fully masked one is among them where it was needed; while it is all zero, it goes through the network once for a model, and its scores are remembered.</summary>
    public required int Passes { get; init; }

    /// <summary>Channels whose score was predicted and not measured, in ascending order; only <see cref="ChannelSampling.Adaptive"/> has any.</summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>
    /// Estimate of the largest absolute error of the normalised map, at the layer's resolution, that comes of scores that were not measured: 0 where all were, null where
    /// it is not known (<see cref="ChannelSampling.TopVariance"/>).
    /// </summary>
    public float? EstimatedError { get; init; }

    /// <summary>Time spent on this layer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What a reader should know before trusting this layer's map.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
