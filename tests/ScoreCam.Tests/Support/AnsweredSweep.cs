using System.Diagnostics;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;

namespace ScoreCam.Tests.Support;

/// <summary>A sampler whose rounds are answered from known scores instead of a network.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Scores">The measured scores.</param>
internal sealed record AnsweredSweep(ChannelSampler Sampler, MaskedScores Scores)
{
    /// <summary>Stands for the baseline where channels are named.</summary>
    public const int Baseline = -1;

    /// <summary>Begins a sweep of a layer.</summary>
    /// <param name="begin">Creates the sampler.</param>
    /// <param name="maps">The layer's activations.</param>
    /// <param name="rules">The preset.</param>
    /// <param name="wholePicture">Score of each target on the whole picture.</param>
    /// <param name="sweepsLeft">Sweeps that share the time.</param>
    /// <param name="side">Side of the input.</param>
    public static AnsweredSweep Begin(
        Func<Sweep, ChannelSampler> begin,
        ActivationMaps maps,
        PresetRules rules,
        float[] wholePicture,
        int sweepsLeft = 1,
        int side = 64)
    {
        var masks = new Masks(maps, rules.Mask, side, side);
        var scores = new MaskedScores(masks, wholePicture.Length);
        var sweep = new Sweep(masks, rules, scores)
        {
            WholePicture = wholePicture,
            Signed = false,
            Elapsed = Stopwatch.StartNew(),
            SweepsLeft = sweepsLeft,
        };
        return new(begin(sweep), scores);
    }

    /// <summary>Answers every round.</summary>
    /// <param name="score">Score of a target under a channel's mask, or on the <see cref="Baseline"/>.</param>
    /// <param name="stopAfter">
    /// The number of scores to answer. The run then waits until the sampler's time is over, and leaves out the others.
    /// </param>
    /// <returns>The channels that were asked for, in order, and the scores of all channels.</returns>
    public (List<int> Asked, ChannelScores Result) Run(Func<int, int, float> score, int stopAfter = int.MaxValue)
    {
        var asked = new List<int>();
        if (Sampler.NeedsBaseline)
        {
            Scores.AddBaseline(ScoresOf(Baseline));
            asked.Add(Baseline);
        }
        for (int[] round = Sampler.NextRound(); round.Length > 0; round = Sampler.NextRound())
        {
            foreach (int channel in Scores.Unscored(round).Take(stopAfter - asked.Count))
            {
                Scores.Add(channel, ScoresOf(channel));
                asked.Add(channel);
            }
            while (asked.Count >= stopAfter && !Sampler.IsTimeOver)
                Thread.Sleep(1);
        }
        return (asked, Sampler.Complete());

        float[] ScoresOf(int channel) => [.. Scores.Baseline.Select((_, t) => score(t, channel))];
    }
}
