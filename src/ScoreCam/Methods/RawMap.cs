namespace ScoreCam.Methods;

/// <summary>
/// What a method computes for one target, before ReLU and normalisation, and what it was made of. Immutable and
/// thread-safe.
/// </summary>
/// <param name="map">The raw map, of any resolution; it covers the whole input.</param>
public sealed class RawMap(SaliencyMap map)
{
    /// <summary>The raw map.</summary>
    public SaliencyMap Map { get; } = map ?? throw new ArgumentNullException(nameof(map));

    /// <summary>As <see cref="LayerEvidence.ChannelScores"/>.</summary>
    public IReadOnlyList<float> ChannelScores { get; init; } = [];

    /// <summary>As <see cref="LayerEvidence.ChannelWeights"/>.</summary>
    public IReadOnlyList<float> ChannelWeights { get; init; } = [];

    /// <summary>As <see cref="LayerEvidence.PredictedChannels"/>.</summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>As <see cref="LayerEvidence.EstimatedError"/>.</summary>
    public float? EstimatedError { get; init; }

    /// <summary>As <see cref="Explanation.CompletenessError"/>.</summary>
    public float? CompletenessError { get; init; }

    /// <summary>As <see cref="Explanation.Losses"/>.</summary>
    public IReadOnlyList<float> Losses { get; init; } = [];

    /// <summary>What a reader should know before trusting the map.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A map with nothing to add.</summary>
    public static implicit operator RawMap(SaliencyMap map) => new(map);

    /// <summary>
    /// The mean of the raw map of a picture and that of its mirror image, which is mirrored back. Scores and weights
    /// are those of the picture itself; the error is the larger one.
    /// </summary>
    internal static RawMap FlipMean(RawMap upright, RawMap mirrored) =>
        new(upright.Map.MeanWith(mirrored.Map.Mirrored()))
        {
            ChannelScores = upright.ChannelScores,
            ChannelWeights = upright.ChannelWeights,
            PredictedChannels = upright.PredictedChannels,
            EstimatedError = Largest(upright.EstimatedError, mirrored.EstimatedError),
            CompletenessError = Largest(upright.CompletenessError, mirrored.CompletenessError),
            Losses = upright.Losses,
            Warnings = [.. upright.Warnings.Union(mirrored.Warnings)],
        };

    /// <summary>The larger error; null where one is not known.</summary>
    private static float? Largest(float? one, float? other) =>
        one is { } a && other is { } b ? Math.Max(a, b) : null;
}
