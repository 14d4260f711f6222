using System.Numerics.Tensors;
using ScoreCam.Onnx;

namespace ScoreCam.Pipeline;

/// <summary>
/// Step 3: the masked pictures X ⊙ M_k go through the network, and the scores of every target are noted. One pass of the
/// fully masked picture (all zero, unless a fill is chosen) serves all channels whose mask is zero, and the baseline.
/// </summary>
internal sealed class MaskedScorer(Network network, NetworkInput input, ScoreHead head, IReadOnlyList<Target> targets, PresetRules rules)
{
    /// <summary>Stands for the fully masked picture in the list of passes.</summary>
    private const int Fill = -1;

    private readonly BatchScorer _scorer = new(network.Pool, input.Height, input.Width, head, rules.ScoresProbabilities);

    public ScoreTable Score(ActivationMaps maps, RunContext run)
    {
        var masks = new MaskGenerator(maps, rules.Mask, input.Height, input.Width);
        var table = new ScoreTable(maps.Channels, targets.Count);
        int[] passes = PlanPasses(maps, masks);
        table.Passes = passes.Length;
        Sweep(masks, passes, table, complement: false, run);
        if (rules.TwoSided)
        {
            table.Passes *= 2;
            Sweep(masks, passes, table, complement: true, run);
        }

        if (!rules.SkipsDeadChannels)
            for (int k = 0; k < maps.Channels; k++)
                if (masks.IsZero(k))
                    for (int t = 0; t < targets.Count; t++)
                        table[t][k] = table.Baseline[t];
        return table;
    }

    /// <summary>Scores the picture under every mask; or under what every mask takes away, which is subtracted from the scores so far.</summary>
    private void Sweep(MaskGenerator masks, int[] passes, ScoreTable table, bool complement, RunContext run) =>
        _scorer.Score(
            passes.Length,
            (i, picture, buffer) =>
            {
                if (passes[i] == Fill)
                {
                    if (complement)
                        input.Write(picture);
                    else
                        input.WriteFill(picture);
                    return;
                }
                masks.Generate(passes[i], buffer.ScratchOf(masks.ScratchLength), buffer.Mask);
                if (complement)
                    TensorPrimitives.Subtract(1f, buffer.Mask, buffer.Mask);
                input.WriteMasked(buffer.Mask, picture);
            },
            (i, scores) => Note(table, passes[i], scores, complement),
            run);

    private int[] PlanPasses(ActivationMaps maps, MaskGenerator masks)
    {
        var passes = new List<int>(maps.Channels);
        bool needsFill = rules.Weights == WeightRule.IncreaseOverBaseline;
        for (int k = 0; k < maps.Channels; k++)
        {
            if (rules.SkipsDeadChannels && maps.IsDead(k))
                continue;
            if (masks.IsZero(k))
                needsFill = true;
            else
                passes.Add(k);
        }
        if (needsFill)
            passes.Add(Fill);
        return [.. passes];
    }

    private void Note(ScoreTable table, int pass, ReadOnlySpan<float> scores, bool complement)
    {
        for (int t = 0; t < targets.Count; t++)
        {
            float score = targets[t].Score(scores);
            if (!float.IsFinite(score))
                throw new ScoreCamException($"The target '{targets[t].Name}' returned {score}; a finite number was expected.");
            ref float noted = ref pass == Fill ? ref table.Baseline[t] : ref table[t][pass];
            noted = complement ? noted - score : score;
        }
    }
}
