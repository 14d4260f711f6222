using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Step 3: the masked pictures X ⊙ M_k go through the network, and the scores of every target are noted. One pass of the
/// fully masked picture (all zero, unless a fill is chosen) serves all channels whose mask is zero, and the baseline; channels of equal masks share one pass too.
/// </summary>
internal sealed class MaskedScorer(Network network, NetworkInput input, ScoreHead head, IReadOnlyList<Target> targets, PresetRules rules)
{
    // Two-sided, the fully masked picture comes with its other side.
    private readonly ZeroPicture? _zero = input.MasksToZero && !rules.TwoSided ? new(input.Height, input.Width, head.ValuesAreProbabilities, rules.ScoresProbabilities) : null;
    private readonly BatchScorer _scorer = new(network.Pool, input.Height, input.Width, head, rules.ScoresProbabilities);

    /// <summary>Score of each target, from the network's values for one picture.</summary>
    public float[] Scores(ReadOnlySpan<float> values)
    {
        var scores = new float[head.Classes];
        head.Logits(values, scores);
        if (rules.ScoresProbabilities)
            head.Probabilities(scores, scores);
        return [.. targets.Select(target => ScoreOf(target, scores))];
    }

    /// <summary>Scores what the sampler asks for, round by round, until it has enough.</summary>
    public ScoreTable Score(Sweep sweep, ChannelSampler sampler, RunContext run)
    {
        ScoreTable table = sweep.Table;
        ScoreTable? complements = rules.TwoSided ? new(sweep.Maps.Channels, targets.Count) : null;
        int expected = sampler.MaxScored * rules.PassesPerScore;
        run.Expect(expected);
        for (int[] round = sampler.NextRound(); round.Length > 0; round = sampler.NextRound())
        {
            int[] unscored = Recall(sweep.Unscored(round), table, run);
            ScoreRound(sweep, unscored, complements, sampler, run);
            if (complements is not null)
                Subtract(complements, unscored, table);
            sweep.ShareScores(round);
        }
        table.Passes += complements?.Passes ?? 0;
        if (table.Passes != expected)
        {
            // It ended before its limit, which nobody who was told of the last pass could know.
            run.Expect(table.Passes - expected);
            run.Report(0);
        }

        if (!rules.SkipsDeadChannels)
            for (int k = 0; k < sweep.Maps.Channels; k++)
                if (sweep.Masks.IsZero(k))
                    for (int t = 0; t < targets.Count; t++)
                        table[t][k] = table.Baseline[t];
        sampler.Complete();
        return table;
    }

    /// <summary>What is left of a round where the scores of the all-zero picture are known from an earlier explanation.</summary>
    private int[] Recall(int[] round, ScoreTable table, RunContext run)
    {
        if (_zero is null || !round.Contains(Sweep.Fill) || network.ZeroScores.Find(_zero) is not { } scores)
            return round;
        Note(table, Sweep.Fill, scores);
        run.Report(1);
        return [.. round.Where(channel => channel != Sweep.Fill)];
    }

    /// <summary>Scores the picture under every mask; two-sided, also under what that mask takes away, right after it.</summary>
    private void ScoreRound(Sweep sweep, int[] round, ScoreTable? complements, ChannelSampler sampler, RunContext run)
    {
        int sides = rules.PassesPerScore;
        _scorer.Score(
            round.Length * sides,
            (i, picture, buffer) =>
            {
                (int channel, bool complement) = (round[i / sides], i % sides == 1);
                if (channel == Sweep.Fill)
                {
                    if (complement)
                        input.Write(picture);
                    else
                        input.WriteFill(picture);
                    return;
                }
                sweep.GenerateMask(channel, buffer.ScratchOf(sweep.Masks.ScratchLength), buffer.Mask);
                if (complement)
                    TensorPrimitives.Subtract(1f, buffer.Mask, buffer.Mask);
                input.WriteMasked(buffer.Mask, picture);
            },
            (i, scores) =>
            {
                int channel = round[i / sides];
                if (channel == Sweep.Fill && _zero is not null)
                    network.ZeroScores.Remember(_zero, scores);
                Note(i % sides == 1 ? complements! : sweep.Table, channel, scores);
            },
            run,
            () => sampler.IsTimeOver);
    }

    private void Note(ScoreTable table, int channel, ReadOnlySpan<float> scores)
    {
        for (int t = 0; t < targets.Count; t++)
            Place(table, t, channel) = ScoreOf(targets[t], scores);
        table.CountPass();
    }

    /// <summary>The score of what a mask leaves, less that of what it takes away; NaN where the time was over between the two.</summary>
    private void Subtract(ScoreTable complements, int[] round, ScoreTable table)
    {
        foreach (int channel in round)
            for (int t = 0; t < targets.Count; t++)
            {
                ref float score = ref Place(table, t, channel);
                score -= Place(complements, t, channel);
                if (float.IsInfinity(score))
                    throw new ScoreCamException($"The two-sided score of the target '{targets[t].Name}' is {score}; a finite number was expected.");
            }
    }

    private static ref float Place(ScoreTable table, int target, int channel) =>
        ref channel == Sweep.Fill ? ref table.Baseline[target] : ref table[target][channel];

    private static float ScoreOf(Target target, ReadOnlySpan<float> scores)
    {
        float score = target.Score(scores);
        return float.IsFinite(score) ? score : throw new ScoreCamException($"The target '{target.Name}' returned {score}; a finite number was expected.");
    }
}
