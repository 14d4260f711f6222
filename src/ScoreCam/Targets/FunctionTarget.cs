namespace ScoreCam.Targets;

/// <summary>A caller's function of the scores.</summary>
internal sealed class FunctionTarget : Target
{
    private readonly ScoreFunction _score;

    public FunctionTarget(string name, ScoreFunction score)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(score);
        (Name, _score) = (name, score);
    }

    public override string Name { get; }

    public override float Score(ReadOnlySpan<float> scores) => _score(scores);
}
