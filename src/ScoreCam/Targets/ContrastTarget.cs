namespace ScoreCam.Targets;

/// <summary>The score of one target minus that of another.</summary>
internal sealed class ContrastTarget : Target
{
    private readonly Target _target;
    private readonly Target _other;

    public ContrastTarget(Target target, Target other)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(other);
        (_target, _other) = (target, other);
    }

    public override string Name => $"{_target.Name} rather than {_other.Name}";

    public override float Score(ReadOnlySpan<float> scores) => _target.Score(scores) - _other.Score(scores);

    public override Target Resolve(Prediction prediction) => new ContrastTarget(_target.Resolve(prediction), _other.Resolve(prediction));
}
