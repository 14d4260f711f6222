namespace ScoreCam;

/// <summary>How far an explanation is.</summary>
/// <param name="Done">Masked pictures scored so far.</param>
/// <param name="Total">Masked pictures to score.</param>
public readonly record struct ExplainProgress(int Done, int Total);
