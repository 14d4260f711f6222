using System.Diagnostics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Chooses, round by round, which masks are scored, and finally completes the scores of the channels. It reads the
/// measured scores, which <see cref="MaskedScorer"/> writes. Used by one thread.
/// </summary>
internal abstract class ChannelSampler
{
    /// <summary>Whether the baseline must be scored before the first round.</summary>
    public abstract bool NeedsBaseline { get; }

    /// <summary>The largest number of different masks to score, including the baseline.</summary>
    public abstract int MaxScored { get; }

    /// <summary>
    /// Whether the time is over. The remaining masks of the round are then skipped. Several threads read it.
    /// </summary>
    public virtual bool IsTimeOver => false;

    /// <summary>
    /// Returns the channels whose masks are scored next. Equal masks are scored once. Empty if no more scores are
    /// needed.
    /// </summary>
    public abstract int[] NextRound();

    /// <summary>Returns the scores of the channels, measured or predicted.</summary>
    public abstract ChannelScores Complete();
}

/// <summary>The state that a sampler reads: the masks, the rules, and the scores measured so far.</summary>
internal sealed class Sweep(Masks masks, PresetRules rules, MaskedScores scores)
{
    public Masks Masks => masks;

    public PresetRules Rules => rules;

    /// <summary>The measured scores. Samplers must not change them.</summary>
    public MaskedScores Scores => scores;

    /// <summary>
    /// Whether the baseline is needed, because it is part of the weights' formula, or because channels with a zero mask
    /// use its score.
    /// </summary>
    public bool NeedsBaseline { get; } = rules.Weights == WeightRule.IncreaseOverBaseline
        || (masks.AnyIsZero && !rules.SkipsDeadChannels);

    /// <summary>The number of different masks of all channels, including the baseline if it is needed.</summary>
    public int AllScored => scores.Unscored(masks.Live).Length + (NeedsBaseline ? 1 : 0);

    /// <summary>The score of each target on the unmasked picture.</summary>
    public required float[] WholePicture { get; init; }

    /// <summary>Whether maps are signed.</summary>
    public required bool Signed { get; init; }

    /// <summary>The time since the explanation began.</summary>
    public required Stopwatch Elapsed { get; init; }

    /// <summary>
    /// The number of unfinished sweeps of the explanation, including this one. They share the remaining time.
    /// </summary>
    public required int SweepsLeft { get; init; }

    /// <summary>Returns the measured scores of some channels, one row per target. All other entries are NaN.</summary>
    public float[][] ScoresOf(IEnumerable<int> channels)
    {
        float[][] rows = [.. WholePicture.Select(_ => new float[masks.Activations.Channels])];
        foreach (float[] row in rows)
            Array.Fill(row, float.NaN);
        foreach (int k in channels)
            for (int t = 0; t < rows.Length; t++)
                rows[t][k] = scores[t, k];
        return rows;
    }
}
