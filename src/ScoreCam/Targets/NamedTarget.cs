namespace ScoreCam.Targets;

/// <summary>One class, by name; it becomes a <see cref="ClassTarget"/> once the labels are known.</summary>
internal sealed class NamedTarget : Target
{
    private readonly string _name;

    public NamedTarget(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    public override string Name => _name;

    public override float Score(ReadOnlySpan<float> scores) => throw new InvalidOperationException($"The target '{_name}' has not been resolved.");

    public override Target Resolve(Prediction prediction) =>
        new ClassTarget(prediction.Classes.IndexOf(_name)).Resolve(prediction);
}
