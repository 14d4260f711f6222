using ScoreCam.Onnx;

namespace ScoreCam.Pipeline;

/// <summary>
/// Step 3: the masked pictures X ⊙ M_k go through the network in batches, and the scores of every target are noted. One
/// pass of the all-zero input serves all channels whose mask is zero, and the baseline.
/// </summary>
internal sealed class MaskedScorer(Network network, NetworkInput input, ScoreHead head, IReadOnlyList<Target> targets, PresetRules rules)
{
    /// <summary>Stands for the all-zero input in the list of passes.</summary>
    private const int Zero = -1;

    public ScoreTable Score(ActivationMaps maps, RunContext run)
    {
        var masks = new MaskGenerator(maps, rules.Mask, input.Height, input.Width);
        var table = new ScoreTable(maps.Channels, targets.Count);
        int[] passes = PlanPasses(maps, masks);
        table.Passes = passes.Length;
        run.Expect(passes.Length);

        int size = network.BatchSize;
        int batches = (passes.Length + size - 1) / size;
        WorkerPool.Shared.Run(
            batches, network.Workers, batch => ScoreBatch(passes.AsSpan(batch * size, Math.Min(size, passes.Length - (batch * size))), masks, table, run), run.CancellationToken);

        if (!rules.SkipsDeadChannels)
            for (int k = 0; k < maps.Channels; k++)
                if (masks.IsZero(k))
                    for (int t = 0; t < targets.Count; t++)
                        table[t][k] = table.Baseline[t];
        return table;
    }

    private int[] PlanPasses(ActivationMaps maps, MaskGenerator masks)
    {
        var passes = new List<int>(maps.Channels);
        bool needsZero = rules.Weights == WeightRule.IncreaseOverBaseline;
        for (int k = 0; k < maps.Channels; k++)
        {
            if (rules.SkipsDeadChannels && maps.IsDead(k))
                continue;
            if (masks.IsZero(k))
                needsZero = true;
            else
                passes.Add(k);
        }
        if (needsZero)
            passes.Add(Zero);
        return [.. passes];
    }

    private void ScoreBatch(ReadOnlySpan<int> passes, MaskGenerator masks, ScoreTable table, RunContext run)
    {
        using Network.Rental rental = network.Rent(input.Height, input.Width);
        BatchBuffer buffer = rental.Buffer;
        for (int i = 0; i < passes.Length; i++)
        {
            if (passes[i] == Zero)
            {
                buffer.Picture(i).Clear();
                continue;
            }
            masks.Generate(passes[i], buffer.ScratchOf(masks.ScratchLength), buffer.Mask);
            input.WriteMasked(buffer.Mask, buffer.Picture(i));
        }

        ReadOnlySpan<float> values = buffer.Score(run.Options, passes.Length);
        Span<float> scores = buffer.ClassScores(head.Classes);
        for (int i = 0; i < passes.Length; i++)
        {
            head.Logits(values.Slice(i * head.Values, head.Values), scores);
            if (rules.ScoresProbabilities)
                head.Probabilities(scores, scores);
            for (int t = 0; t < targets.Count; t++)
            {
                float score = targets[t].Score(scores);
                if (!float.IsFinite(score))
                    throw new ScoreCamException($"The target '{targets[t].Name}' returned {score}; a finite number was expected.");
                if (passes[i] == Zero)
                    table.Baseline[t] = score;
                else
                    table[t][passes[i]] = score;
            }
        }
        run.Report(passes.Length);
    }
}
