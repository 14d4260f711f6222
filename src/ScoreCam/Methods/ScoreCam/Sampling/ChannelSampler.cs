using System.Diagnostics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Chooses, round by round, which masks are scored, and completes the scores of the channels in the end. It reads the
/// measured scores, which <see cref="MaskedScorer"/> writes. Used by one thread.
/// </summary>
internal abstract class ChannelSampler
{
    /// <summary>Whether the baseline is to be scored, before the first round.</summary>
    public abstract bool NeedsBaseline { get; }

    /// <summary>The most that will be scored for it: different masks, and the baseline.</summary>
    public abstract int MaxScored { get; }

    /// <summary>
    /// Whether the time is over. The masks of the round that have not begun are then left out. Several threads ask it.
    /// </summary>
    public virtual bool IsTimeOver => false;

    /// <summary>
    /// The channels whose masks to score next; of equal masks one is scored. Empty when it is enough.
    /// </summary>
    public abstract int[] NextRound();

    /// <summary>The scores of the channels, measured or predicted.</summary>
    public abstract ChannelScores Complete();
}

/// <summary>What a sampler knows: the masks, the rules, and the scores that were measured so far.</summary>
internal sealed class Sweep(Masks masks, PresetRules rules, MaskedScores scores)
{
    public Masks Masks => masks;

    public PresetRules Rules => rules;

    /// <summary>The measured scores; not to be changed by samplers.</summary>
    public MaskedScores Scores => scores;

    /// <summary>
    /// Whether the baseline counts: it is part of the weights' formula, or channels whose mask is zero take its score.
    /// </summary>
    public bool NeedsBaseline { get; } = rules.Weights == WeightRule.IncreaseOverBaseline
        || (masks.AnyIsZero && !rules.SkipsDeadChannels);

    /// <summary>The different masks of all channels, and the baseline where it counts.</summary>
    public int AllScored => scores.Unscored(masks.Live).Length + (NeedsBaseline ? 1 : 0);

    /// <summary>Score of each target on the whole picture.</summary>
    public required float[] WholePicture { get; init; }

    /// <summary>Whether maps keep their sign.</summary>
    public required bool Signed { get; init; }

    /// <summary>Runs since the explanation began.</summary>
    public required Stopwatch Elapsed { get; init; }

    /// <summary>Sweeps of the explanation that are still to be made, this one included: they share its time.</summary>
    public required int SweepsLeft { get; init; }

    /// <summary>The measured scores of some channels, one row per target; NaN for all others.</summary>
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
