namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Every channel, in order.</summary>
internal sealed class AllSampling : ChannelSampling
{
    public override string ToString() => "all channels";

    internal override ChannelSampler Begin(Sweep sweep) => new FixedSampler(sweep, sweep.NeedsFill ? [.. sweep.Channels, Sweep.Fill] : sweep.Channels, error: 0);
}
