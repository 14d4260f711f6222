namespace ScoreCam.Targets;

/// <summary>A target that calls the caller's function of the scores, and its gradient if one is given.</summary>
internal sealed class FunctionTarget : Target
{
    private readonly ScoreFunction _score;
    private readonly ScoreGradient? _gradient;

    public FunctionTarget(string name, ScoreFunction score, ScoreGradient? gradient)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(score);
        (Name, _score, _gradient) = (name, score, gradient);
    }

    public override string Name { get; }

    public override float Score(ReadOnlySpan<float> scores) => _score(scores);

    public override void Gradient(ReadOnlySpan<float> scores, Span<float> destination)
    {
        if (_gradient is null)
            base.Gradient(scores, destination);
        else
            _gradient(scores, destination);
    }
}
