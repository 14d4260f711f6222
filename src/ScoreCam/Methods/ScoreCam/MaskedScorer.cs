using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Step 3: the network scores the masked pictures X ⊙ M_k and, where it is needed, the baseline X_b, which is the fully
/// masked picture. Each different mask is scored once. The baseline serves all channels whose mask is zero.
/// </summary>
internal sealed class MaskedScorer
{
    private readonly LayerContext _layer;
    private readonly Masks _masks;
    private readonly PresetRules _rules;
    private readonly TargetScorer _scorer;
    private readonly MaskedScores _scores;

    public MaskedScorer(LayerContext layer, Masks masks, PresetRules rules)
    {
        (_layer, _masks, _rules) = (layer, masks, rules);
        _scorer = layer.Scorer(rules.Scored);
        _scores = new MaskedScores(masks, layer.Targets.Count);
    }

    private RunContext Run => _layer.Call.Run;

    /// <summary>Scores what a sampler asks for, round by round, until it has enough.</summary>
    public ChannelScores Score(ChannelSampling sampling, bool signed)
    {
        var sweep = new Sweep(_masks, _rules, _scores)
        {
            WholePicture = _layer.WholePicture(_rules.Scored),
            Signed = signed,
            Elapsed = _layer.Call.Elapsed,
            SweepsLeft = _layer.SweepsLeft,
        };
        ChannelSampler sampler = sampling.Begin(sweep);
        int expected = sampler.MaxScored * _rules.PassesPerScore, before = Run.Passes;
        Run.Expect(expected);

        if (sampler.NeedsBaseline)
            ScoreBaseline();
        for (int[] round = sampler.NextRound(); round.Length > 0; round = sampler.NextRound())
            ScoreMasks(_scores.Unscored(round), () => sampler.IsTimeOver);

        int done = Run.Passes - before;
        if (done != expected)
        {
            // It ended before its limit, which nobody who was told of the last pass could know.
            Run.Expect(done - expected);
            Run.Report(0);
        }
        return Complete(sampler.Complete());
    }

    /// <summary>
    /// Scores the baseline. Where it is all zero, its scores are the same for every picture and are remembered.
    /// </summary>
    private void ScoreBaseline()
    {
        NetworkInput input = _layer.Input;
        if (_rules.TwoSided)
        {
            // What the zero mask takes away is the whole picture.
            float[][] sides = _scorer.ScoreExpected(2, WriteSide, Run);
            _scores.AddBaseline([.. sides.Select((side, t) => Difference(side[0], side[1], t))]);
            return;
        }
        (ScoreHead head, ZeroScores remembered) = (_layer.Call.Head, _layer.Call.Network.ZeroScores);
        bool probabilities = _rules.Scored == ScoredValue.Probability;
        ZeroPicture? zero = input.MasksToZero
            ? new(input.Height, input.Width, head.ValuesAreProbabilities, probabilities)
            : null;
        float[]? classes = zero is null ? null : remembered.Find(zero);
        if (classes is not null)
        {
            Run.Report(1);
        }
        else
        {
            classes = _layer.ScoreClasses(input.WriteFill, _rules.Scored);
            if (zero is not null)
                remembered.Remember(zero, classes);
        }
        _scores.AddBaseline([.. _layer.Targets.Select(target => TargetScorer.ScoreOf(target, classes))]);

        void WriteSide(int side, Span<float> picture, BatchBuffer buffer)
        {
            if (side == 0)
                input.WriteFill(picture);
            else
                input.Write(picture);
        }
    }

    /// <summary>
    /// Scores the picture under masks; two-sided, also under what each mask takes away, right after it.
    /// </summary>
    private void ScoreMasks(int[] channels, Func<bool> isTimeOver)
    {
        int sides = _rules.PassesPerScore;
        float[][] scores = _scorer.ScoreExpected(channels.Length * sides, Write, Run, isTimeOver);
        for (int i = 0; i < channels.Length; i++)
        {
            float[] ofTargets = [.. scores.Select(
                (row, t) => sides == 1 ? row[i] : Difference(row[2 * i], row[(2 * i) + 1], t))];
            if (!float.IsNaN(ofTargets[0]))
                _scores.Add(channels[i], ofTargets);
        }

        void Write(int i, Span<float> picture, BatchBuffer buffer)
        {
            _masks.Generate(channels[i / sides], buffer.ScratchOf(_masks.ScratchLength), buffer.Mask);
            if (i % sides == 1)
                TensorPrimitives.Subtract(1f, buffer.Mask, buffer.Mask);
            _layer.Input.WriteMasked(buffer.Mask, picture);
        }
    }

    /// <summary>
    /// The score of what a mask leaves, less that of what it takes away; NaN where the time was over between them.
    /// </summary>
    private float Difference(float with, float without, int target)
    {
        float difference = with - without;
        return !float.IsInfinity(difference) ? difference
            : throw new ScoreCamException($"The two-sided score of the target '{_layer.Targets[target].Name}' is "
                + $"{difference}; a finite number was expected.");
    }

    /// <summary>Channels whose mask is zero take the baseline's score.</summary>
    private ChannelScores Complete(ChannelScores scores)
    {
        if (!_rules.SkipsDeadChannels)
            for (int t = 0; t < scores.Channels.Length; t++)
                for (int k = 0; k < scores.Channels[t].Length; k++)
                    if (_masks.IsZero(k))
                        scores.Channels[t][k] = scores.Baseline[t];
        return scores;
    }
}
