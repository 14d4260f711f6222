namespace ScoreCam.Targets;

/// <summary>The network value that a method reads for a target.</summary>
public enum ScoredValue
{
    /// <summary>The probability, 0…1.</summary>
    Probability,

    /// <summary>The logit: the value before the final softmax or sigmoid.</summary>
    Logit,
}

internal static class ScoredValueExtensions
{
    /// <exception cref="ArgumentOutOfRangeException">The value is neither of the two.</exception>
    public static ScoredValue Checked(this ScoredValue scored) => Enum.IsDefined(scored)
        ? scored
        : throw new ArgumentOutOfRangeException(nameof(scored), scored, "Expected Probability or Logit.");
}
