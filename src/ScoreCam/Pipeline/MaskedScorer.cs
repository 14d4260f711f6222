using ScoreCam.Onnx;
using ScoreCam.Pipeline.Sampling;

namespace ScoreCam.Pipeline;

/// <summary>
/// Step 3: the masked pictures X ⊙ M_k go through the network, and the scores of every target are noted. One pass of the
/// fully masked picture (all zero, unless a fill is chosen) serves all channels whose mask is zero, and the baseline.
/// </summary>
internal sealed class MaskedScorer(Network network, NetworkInput input, ScoreHead head, IReadOnlyList<Target> targets, PresetRules rules)
{
    private readonly BatchScorer _scorer = new(network, input.Height, input.Width, head, rules.ScoresProbabilities);
    private int _passes;

    /// <summary>Score of each target, from the network's values for one picture.</summary>
    public float[] Scores(ReadOnlySpan<float> values)
    {
        var scores = new float[head.Classes];
        head.Logits(values, scores);
        if (rules.ScoresProbabilities)
            head.Probabilities(scores, scores);
        return [.. targets.Select(target => ScoreOf(target, scores))];
    }

    /// <summary>Scores what the sampler asks for, round by round, until it has enough. To be called once.</summary>
    public ScoreTable Score(Sweep sweep, ChannelSampler sampler, RunContext run)
    {
        ScoreTable table = sweep.Table;
        run.Expect(sampler.MaxPasses);
        for (int[] round = sampler.NextRound(); round.Length > 0; round = sampler.NextRound())
            ScoreRound(sweep, round, sampler, run);
        table.Passes = _passes;
        run.Expect(_passes - sampler.MaxPasses);

        if (!rules.SkipsDeadChannels)
            foreach (int k in Enumerable.Range(0, sweep.Maps.Channels).Where(sweep.Masks.IsZero))
                for (int t = 0; t < targets.Count; t++)
                    table[t][k] = table.Baseline[t];
        sampler.Complete();
        return table;
    }

    private void ScoreRound(Sweep sweep, int[] round, ChannelSampler sampler, RunContext run) =>
        _scorer.Score(
            round.Length,
            (i, picture, buffer) =>
            {
                if (round[i] == Sweep.Fill)
                {
                    input.WriteFill(picture);
                    return;
                }
                sweep.Masks.Generate(round[i], buffer.ScratchOf(sweep.Masks.ScratchLength), buffer.Mask);
                input.WriteMasked(buffer.Mask, picture);
            },
            (i, scores) => Note(sweep.Table, round[i], scores),
            run,
            () => sampler.IsTimeOver);

    private void Note(ScoreTable table, int channel, ReadOnlySpan<float> scores)
    {
        for (int t = 0; t < targets.Count; t++)
            if (channel == Sweep.Fill)
                table.Baseline[t] = ScoreOf(targets[t], scores);
            else
                table[t][channel] = ScoreOf(targets[t], scores);
        Interlocked.Increment(ref _passes);
    }

    private static float ScoreOf(Target target, ReadOnlySpan<float> scores)
    {
        float score = target.Score(scores);
        return float.IsFinite(score) ? score : throw new ScoreCamException($"The target '{target.Name}' returned {score}; a finite number was expected.");
    }
}
