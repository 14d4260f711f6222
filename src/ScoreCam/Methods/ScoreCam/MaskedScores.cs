namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// The measured scores of every target, by mask. Channels with equal masks share a score. Only the requested targets
/// are stored, not every class. <see cref="MaskedScorer"/> writes the scores, and samplers read them.
/// </summary>
internal sealed class MaskedScores
{
    private readonly EqualMasks _equal;
    // Indexed by the first channel of each mask. NaN if the mask was not scored.
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
    /// The score S_b of each target on the baseline X_b, the fully masked picture. NaN if it was not needed.
    /// </summary>
    public float[] Baseline { get; }

    /// <summary>The number of different masks that were scored, including the baseline.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The score S_k of a target on the picture under a channel's mask. NaN if the mask was not scored.
    /// </summary>
    public float this[int target, int channel] => _scores[target][_equal.FirstLike(channel)];

    /// <summary>Whether the mask of a channel was scored.</summary>
    public bool Has(int channel) => !float.IsNaN(this[0, channel]);

    /// <summary>Returns the scores of a target, once per mask. All other entries are NaN.</summary>
    public ReadOnlySpan<float> Measured(int target) => _scores[target];

    /// <summary>Returns the first channel with the same mask.</summary>
    public int FirstLike(int channel) => _equal.FirstLike(channel);

    /// <summary>Returns one channel for each mask of the given channels that was not scored yet.</summary>
    public int[] Unscored(IEnumerable<int> channels) =>
        [.. channels.Select(_equal.FirstLike).Distinct().Where(channel => !Has(channel))];

    /// <summary>Stores the score of each target under a channel's mask.</summary>
    public void Add(int channel, IReadOnlyList<float> scores)
    {
        for (int t = 0; t < scores.Count; t++)
            _scores[t][_equal.FirstLike(channel)] = scores[t];
        Count++;
    }

    /// <summary>Stores the score of each target on the baseline.</summary>
    public void AddBaseline(IReadOnlyList<float> scores)
    {
        for (int t = 0; t < scores.Count; t++)
            Baseline[t] = scores[t];
        Count++;
    }
}

/// <summary>
/// The result of step 3: the score of every channel, measured or predicted, after sampling has ended.
/// </summary>
/// <param name="Channels">For each target, one score per channel. NaN for channels that were skipped.</param>
/// <param name="Baseline">The score of each target on the baseline. NaN if it was not needed.</param>
/// <param name="Predicted">The channels whose scores were predicted, in ascending order.</param>
/// <param name="EstimatedErrors">
/// For each target, the estimated largest error of the normalised map at the layer's resolution; null if it is
/// unknown.
/// </param>
internal sealed record ChannelScores(float[][] Channels, float[] Baseline, int[] Predicted, float?[] EstimatedErrors);
