namespace ScoreCam;

/// <summary>How far an explanation is.</summary>
/// <param name="Done">Pictures scored, and gradients computed, so far.</param>
/// <param name="Total">Pictures to score, and gradients to compute, as far as is known.</param>
public readonly record struct ExplainProgress(int Done, int Total);
