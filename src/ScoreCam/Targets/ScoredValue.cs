namespace ScoreCam.Targets;

/// <summary>What a method reads from the network for a target.</summary>
public enum ScoredValue
{
    /// <summary>The probability, 0…1.</summary>
    Probability,

    /// <summary>The logit: the value before the closing softmax or sigmoid.</summary>
    Logit,
}

internal static class ScoredValueExtensions
{
    /// <exception cref="ArgumentOutOfRangeException">It is neither of both.</exception>
    public static ScoredValue Checked(this ScoredValue scored) => Enum.IsDefined(scored)
        ? scored
        : throw new ArgumentOutOfRangeException(nameof(scored), scored, "Expected Probability or Logit.");
}
