namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Scores every channel, in order.</summary>
internal sealed class AllSampling : ChannelSampling
{
    public override string ToString() => "all channels";

    internal override ChannelSampler Begin(Sweep sweep) =>
        new FixedSampler(sweep, sweep.Masks.Live, sweep.NeedsBaseline, error: 0);
}

/// <summary>Scores the channels with the largest standard deviation. Of equal channels, the first is kept.</summary>
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
        (ActivationMaps maps, Masks masks) = (sweep.Masks.Activations, sweep.Masks);
        int[] chosen = [.. Enumerable.Range(0, maps.Channels).OrderByDescending(k => maps.Deviation(k)).Take(_count)];
        // Channels with a zero mask use the baseline's score, if any of them is chosen.
        bool needsBaseline = sweep.Rules.Weights == WeightRule.IncreaseOverBaseline
            || (sweep.NeedsBaseline && chosen.Any(masks.IsZero));
        return new FixedSampler(
            sweep, [.. masks.Live.Intersect(chosen)], needsBaseline, error: _count >= maps.Channels ? 0 : null);
    }
}

/// <summary>Scores fixed channels in one round. Nothing is predicted, and the other channels get no score.</summary>
internal sealed class FixedSampler(Sweep sweep, int[] channels, bool needsBaseline, float? error) : ChannelSampler
{
    private bool _asked;

    public override bool NeedsBaseline => needsBaseline;

    public override int MaxScored { get; } = sweep.Scores.Unscored(channels).Length + (needsBaseline ? 1 : 0);

    public override int[] NextRound()
    {
        (bool first, _asked) = (!_asked, true);
        return first ? channels : [];
    }

    public override ChannelScores Complete() =>
        new(sweep.ScoresOf(channels), sweep.Scores.Baseline, [], [.. sweep.WholePicture.Select(_ => error)]);
}
