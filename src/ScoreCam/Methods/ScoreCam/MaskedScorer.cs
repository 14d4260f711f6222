using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Step 3: scores the masked pictures X ⊙ M_k and, if needed, the baseline X_b, which is the fully masked picture. Each
/// different mask is scored once. All channels with a zero mask use the baseline's score.
/// </summary>
internal sealed class MaskedScorer
{
    private readonly LayerContext _layer;
    private readonly Masks _masks;
    private readonly PresetRules _rules;
    private readonly TargetScorer _scorer;
    private readonly MaskedScores _scores;
    private readonly MaskVariant _variant;

    public MaskedScorer(LayerContext layer, Masks masks, PresetRules rules)
    {
        (_layer, _masks, _rules) = (layer, masks, rules);
        _scorer = layer.Scorer(rules.Scored);
        _scores = new MaskedScores(masks, layer.Targets.Count);
        _variant = rules.Averaging.Begin(layer.Height, layer.Width);
    }

    private RunContext Run => _layer.Call.Run;

    /// <summary>Scores the channels that a sampler requests, round by round, until the sampler has enough.</summary>
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
            // Sampling ended before its limit, so the total that was announced to the progress is corrected.
            Run.Expect(done - expected);
            Run.Report(0);
        }
        return Complete(sampler.Complete());
    }

    /// <summary>
    /// Scores the baseline. If it is all zeros, its scores are the same for every picture and are cached.
    /// </summary>
    private void ScoreBaseline()
    {
        if (_rules.PassesPerScore > 1)
        {
            float[][] passes = _scorer.ScoreExpected(_rules.PassesPerScore, WriteZero, Run);
            _scores.AddBaseline([.. passes.Select((row, t) => Combine(row, t))]);
            return;
        }
        NetworkInput input = _layer.Input;
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

        void WriteZero(int pass, Span<float> picture, BatchBuffer buffer)
        {
            Span<float> mask = buffer.Mask;
            mask.Clear();
            Vary(pass, mask);
            // A mask of zeros or ones gives exactly the fill or the picture, without rounding.
            if (!mask.ContainsAnyExcept(0f))
                _layer.Input.WriteFill(picture);
            else if (!mask.ContainsAnyExcept(1f))
                _layer.Input.Write(picture);
            else
                _layer.Input.WriteMasked(mask, picture);
        }
    }

    /// <summary>Scores the picture under masks. The passes of one mask are consecutive.</summary>
    private void ScoreMasks(int[] channels, Func<bool> isTimeOver)
    {
        int passes = _rules.PassesPerScore;
        int always = Math.Max(2, passes);
        float[][] scores = _scorer.ScoreExpected(channels.Length * passes, Write, Run, isTimeOver, always);
        float[] ofTargets = new float[scores.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            for (int t = 0; t < scores.Length; t++)
                ofTargets[t] = Combine(scores[t].AsSpan(i * passes, passes), t);
            if (!float.IsNaN(ofTargets[0]))
                _scores.Add(channels[i], ofTargets);
        }

        void Write(int i, Span<float> picture, BatchBuffer buffer)
        {
            _masks.Generate(channels[i / passes], buffer.ScratchOf(_masks.ScratchLength), buffer.Mask);
            Vary(i % passes, buffer.Mask);
            _layer.Input.WriteMasked(buffer.Mask, picture);
        }
    }

    /// <summary>
    /// Turns a mask into the mask of one of its passes. Each pass is a variant of the mask. In two-sided scoring, the
    /// inverted variant follows directly after each variant.
    /// </summary>
    private void Vary(int pass, Span<float> mask)
    {
        _variant(_rules.TwoSided ? pass / 2 : pass, mask);
        if (_rules.TwoSided && pass % 2 == 1)
            TensorPrimitives.Subtract(1f, mask, mask);
    }

    /// <summary>
    /// Combines the scores of a mask's passes: the mean over its variants. In two-sided scoring, the score of each
    /// inverted variant is subtracted. It is NaN if the time ran out between the passes.
    /// </summary>
    private float Combine(ReadOnlySpan<float> passes, int target)
    {
        if (passes.Length == 1)
            return passes[0];
        int sides = _rules.TwoSided ? 2 : 1;
        double sum = 0;
        for (int i = 0; i < passes.Length; i += sides)
            sum += sides == 1 ? passes[i] : passes[i] - passes[i + 1];
        float score = (float)(sum / (passes.Length / sides));
        if (float.IsInfinity(score))
            throw new ScoreCamException($"The {(_rules.TwoSided ? "two-sided" : "averaged")} score of the target "
                + $"'{_layer.Targets[target].Name}' is {score}; a finite number was expected.");
        return score;
    }

    /// <summary>Gives channels with a zero mask the baseline's score.</summary>
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
