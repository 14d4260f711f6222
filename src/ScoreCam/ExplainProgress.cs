namespace ScoreCam;

/// <summary>The progress of an explanation.</summary>
/// <param name="Done">The number of pictures scored and gradients computed so far.</param>
/// <param name="Total">The total number of pictures to score and gradients to compute, as far as it is known.</param>
public readonly record struct ExplainProgress(int Done, int Total);
