using ScoreCam.Methods.ScoreCam.Sampling;

namespace ScoreCam.Tests.Support;

/// <summary>A sampler whose rounds are answered from known scores instead of a network.</summary>
internal static class AnsweredSweep
{
    /// <param name="sweep">The sweep.</param>
    /// <param name="sampler">Its sampler.</param>
    /// <param name="score">Score of a target under a channel's mask; <see cref="Sweep.Fill"/> is the fully masked picture.</param>
    /// <param name="stopAfter">So many are answered; then the sampler's time is awaited, and the rest is left out.</param>
    /// <returns>What was asked, in order.</returns>
    public static List<int> Run(Sweep sweep, ChannelSampler sampler, Func<int, int, float> score, int stopAfter = int.MaxValue)
    {
        var asked = new List<int>();
        for (int[] round = sampler.NextRound(); round.Length > 0; round = sampler.NextRound())
        {
            foreach (int channel in sweep.Unscored(round).Take(stopAfter - asked.Count))
            {
                for (int t = 0; t < sweep.WholePicture.Length; t++)
                    if (channel == Sweep.Fill)
                        sweep.Table.Baseline[t] = score(t, channel);
                    else
                        sweep.Table[t][channel] = score(t, channel);
                sweep.Table.CountPass();
                asked.Add(channel);
            }
            sweep.ShareScores(round);
            while (asked.Count >= stopAfter && !sampler.IsTimeOver)
                Thread.Sleep(1);
        }
        return asked;
    }
}
