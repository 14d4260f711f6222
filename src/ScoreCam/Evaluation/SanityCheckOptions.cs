namespace ScoreCam.Evaluation;

/// <summary>How the weights are randomised.</summary>
public sealed record SanityCheckOptions
{
    /// <summary>Which weights each step draws anew. Default: cascading.</summary>
    public RandomizationOrder Order { get; init; } = RandomizationOrder.Cascading;

    /// <summary>Steps, at least 1, spread evenly over the layers. Default (null): one per layer.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of the weights.</summary>
    public int Seed { get; init; }
}

/// <summary>Which weights a step of the sanity check draws anew.</summary>
public enum RandomizationOrder
{
    /// <summary>Those of the step's layer and of every later layer.</summary>
    Cascading,

    /// <summary>Those of the step's layer alone.</summary>
    Independent,
}
