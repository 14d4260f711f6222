namespace ScoreCam.Targets;

/// <summary>One class, by index.</summary>
internal sealed class ClassTarget : Target
{
    private readonly int _index;
    private readonly string? _name;

    public ClassTarget(int index, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        (_index, _name) = (index, name);
    }

    public override string Name => _name ?? $"class {_index}";

    public override int? ClassIndex => _index;

    public override float Score(ReadOnlySpan<float> scores) => scores[_index];

    public override Target Resolve(Prediction prediction)
    {
        int count = prediction.Logits.Length;
        if (_index >= count)
            throw new ArgumentOutOfRangeException(nameof(Target), _index, $"Class {_index} does not exist: the network has {count} classes, 0 to {count - 1}.");
        return new ClassTarget(_index, prediction.Classes[_index]);
    }
}
