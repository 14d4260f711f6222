namespace ScoreCam.Methods;

/// <summary>
/// The result of a method for one target, before ReLU and normalisation, with the evidence behind it. Immutable and
/// thread-safe.
/// </summary>
/// <param name="map">The raw map. It can have any resolution and covers the whole input.</param>
public sealed class RawMap(SaliencyMap map)
{
    /// <summary>The raw map.</summary>
    public SaliencyMap Map { get; } = map ?? throw new ArgumentNullException(nameof(map));

    /// <summary>See <see cref="LayerEvidence.ChannelScores"/>.</summary>
    public IReadOnlyList<float> ChannelScores { get; init; } = [];

    /// <summary>See <see cref="LayerEvidence.ChannelWeights"/>.</summary>
    public IReadOnlyList<float> ChannelWeights { get; init; } = [];

    /// <summary>See <see cref="LayerEvidence.PredictedChannels"/>.</summary>
    public IReadOnlyList<int> PredictedChannels { get; init; } = [];

    /// <summary>See <see cref="LayerEvidence.EstimatedError"/>.</summary>
    public float? EstimatedError { get; init; }

    /// <summary>See <see cref="Explanation.CompletenessError"/>.</summary>
    public float? CompletenessError { get; init; }

    /// <summary>See <see cref="Explanation.Losses"/>.</summary>
    public IReadOnlyList<float> Losses { get; init; } = [];

    /// <summary>Problems that a reader should know about before trusting the map. Empty if there are none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Converts a map to a raw map without evidence.</summary>
    public static implicit operator RawMap(SaliencyMap map) => new(map);

    /// <summary>
    /// Returns the mean of the raw map of a picture and the raw map of its mirror image, which is mirrored back. The
    /// scores and weights come from the unmirrored picture. The error is the larger of the two.
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

    /// <summary>The larger error; null if one of them is unknown.</summary>
    private static float? Largest(float? one, float? other) =>
        one is { } a && other is { } b ? Math.Max(a, b) : null;
}
