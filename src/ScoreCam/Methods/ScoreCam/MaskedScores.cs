namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// The scores of every target that were measured, by mask: channels of equal masks share one. Only the targets asked
/// for are kept, not every class. <see cref="MaskedScorer"/> writes it, samplers read it.
/// </summary>
internal sealed class MaskedScores
{
    private readonly EqualMasks _equal;
    // By the first channel of each mask; NaN where it was not scored.
    private readonly float[][] _scores;

    public MaskedScores(Masks masks, int targets)
    {
        _equal = new EqualMasks(masks.Activations, masks.Rule);
        _scores = new float[targets][];
        for (int t = 0; t < targets; t++)
        {
            _scores[t] = new float[masks.Activations.Channels];
            Array.Fill(_scores[t], float.NaN);
        }
        Baseline = new float[targets];
        Array.Fill(Baseline, float.NaN);
    }

    /// <summary>
    /// Score S_b of each target on the baseline X_b, the fully masked picture; NaN where it was not needed.
    /// </summary>
    public float[] Baseline { get; }

    /// <summary>Different masks that were scored, and the baseline.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Score S_k of a target with the picture under a channel's mask; NaN where that mask was not scored.
    /// </summary>
    public float this[int target, int channel] => _scores[target][_equal.FirstLike(channel)];

    /// <summary>Whether the mask of a channel was scored.</summary>
    public bool Has(int channel) => !float.IsNaN(this[0, channel]);

    /// <summary>The scores of a target, once for each mask; NaN everywhere else.</summary>
    public ReadOnlySpan<float> Measured(int target) => _scores[target];

    /// <summary>The first channel with the mask of this one.</summary>
    public int FirstLike(int channel) => _equal.FirstLike(channel);

    /// <summary>Of some channels, those that remain to be scored: one for each mask that was not scored.</summary>
    public int[] Unscored(IEnumerable<int> channels) =>
        [.. channels.Select(_equal.FirstLike).Distinct().Where(channel => !Has(channel))];

    /// <summary>Notes the score of each target under a channel's mask.</summary>
    public void Add(int channel, IReadOnlyList<float> scores)
    {
        for (int t = 0; t < scores.Count; t++)
            _scores[t][_equal.FirstLike(channel)] = scores[t];
        Count++;
    }

    /// <summary>Notes the score of each target on the baseline.</summary>
    public void AddBaseline(IReadOnlyList<float> scores)
    {
        for (int t = 0; t < scores.Count; t++)
            Baseline[t] = scores[t];
        Count++;
    }
}

/// <summary>
/// The score of every channel, measured or predicted, after a sampler has had enough: the result of step 3.
/// </summary>
/// <param name="Channels">
/// For each target, one score per channel; NaN for channels that were skipped.
/// </param>
/// <param name="Baseline">Score of each target on the baseline; NaN where it was not needed.</param>
/// <param name="Predicted">Channels whose scores were predicted, in order.</param>
/// <param name="EstimatedErrors">
/// For each target, the estimated largest error of the normalised map at the layer's resolution; null where it is
/// unknown.
/// </param>
internal sealed record ChannelScores(float[][] Channels, float[] Baseline, int[] Predicted, float?[] EstimatedErrors);
