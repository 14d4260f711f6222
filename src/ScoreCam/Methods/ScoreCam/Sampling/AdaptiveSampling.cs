using System.Globalization;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Scores the channels that matter, and predicts the scores of the others.</summary>
internal sealed class AdaptiveSampling : ChannelSampling
{
    private const float DefaultTolerance = 0.05f;

    public AdaptiveSampling(int? maxPasses, float? tolerance, TimeSpan? timeBudget)
    {
        // One pass for all dead channels, and one for a live channel.
        if (maxPasses is < 2)
            throw new ArgumentOutOfRangeException(
                nameof(maxPasses),
                maxPasses,
                "At least 2 passes are needed: one for all dead channels, and one for a live one.");
        if (tolerance is not (null or (> 0 and <= 1)))
            throw new ArgumentOutOfRangeException(
                nameof(tolerance),
                tolerance,
                "The tolerance is an error of a map of 0…1: more than 0 and at most 1. Leave it out for no tolerance.");
        TimeShares.RequirePositive(timeBudget, nameof(timeBudget));
        (MaxPasses, TimeBudget) = (maxPasses, timeBudget);
        Tolerance = tolerance ?? (maxPasses is null && timeBudget is null ? DefaultTolerance : null);
    }

    public int? MaxPasses { get; }

    public float? Tolerance { get; }

    public TimeSpan? TimeBudget { get; }

    public override string ToString()
    {
        string passes = MaxPasses?.ToString(CultureInfo.InvariantCulture) ?? "all";
        string tolerance = Tolerance?.ToString(CultureInfo.InvariantCulture) ?? "none";
        string time = TimeBudget?.ToString() ?? "none";
        return $"adaptive, at most {passes} passes, tolerance {tolerance}, time budget {time}";
    }

    internal override ChannelSampler Begin(Sweep sweep)
    {
        bool suffices = MaxPasses is null || MaxPasses / sweep.Rules.PassesPerScore >= sweep.AllScored;
        // With at most one channel, there is nothing to predict.
        bool nothingToPredict = suffices && ((Tolerance is null && TimeBudget is null) || sweep.Masks.Live.Length <= 1);
        return nothingToPredict ? All.Begin(sweep) : new AdaptiveSampler(sweep, this);
    }
}
