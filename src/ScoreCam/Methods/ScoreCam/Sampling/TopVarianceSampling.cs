using ScoreCam.Execution;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>The channels with the largest standard deviation; of equal ones the first.</summary>
internal sealed class TopVarianceSampling : ChannelSampling
{
    private readonly int _count;

    public TopVarianceSampling(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        _count = channels;
    }

    public override string ToString() => $"the {_count} channels of largest variance";

    internal override ChannelSampler Begin(Sweep sweep)
    {
        ActivationMaps maps = sweep.Maps;
        int[] chosen = [.. Enumerable.Range(0, maps.Channels).OrderByDescending(k => maps.Deviation(k)).Take(_count)];
        int[] scored = [.. sweep.Channels.Intersect(chosen)];
        // Channels with a zero mask are scored by the fully masked picture, if any of them is among the chosen.
        bool fill = sweep.Rules.Weights == WeightRule.IncreaseOverBaseline || (sweep.NeedsFill && chosen.Any(sweep.Masks.IsZero));
        return new FixedSampler(sweep, fill ? [.. scored, Sweep.Fill] : scored, error: _count >= maps.Channels ? 0 : null);
    }
}
