namespace ScoreCam.Targets;

/// <summary>What a method reads from the network for a target.</summary>
public enum ScoredValue
{
    /// <summary>The probability, 0…1.</summary>
    Probability,

    /// <summary>The logit: the value before the closing softmax or sigmoid.</summary>
    Logit,
}
