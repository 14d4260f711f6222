using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Targets;

/// <summary>
/// What is explained: a class, or any function of the scores. Derive from it for a target of your own, or use <see cref="Function"/>.
/// Targets must be thread-safe: they are asked from several threads at once.
/// </summary>
public abstract class Target
{
    /// <summary>The class with the largest logit.</summary>
    public static Target Predicted { get; } = new RankTarget(0);

    /// <summary>The class of an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative. One beyond the last class is refused when explaining.</exception>
    public static Target Class(int index) => new ClassTarget(index);

    /// <summary>The class of a name, found as <see cref="ClassLabels.IndexOf"/> says.</summary>
    public static Target Class(string name) => new NamedTarget(name);

    /// <summary>The classes with the largest logits, best first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one class, or more than any network may have. More than the network has are refused when explaining.</exception>
    public static IReadOnlyList<Target> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ModelAnalysis.MostClasses);
        return Enumerable.Range(0, count).Select(rank => (Target)new RankTarget(rank)).ToArray();
    }

    /// <summary>Why one target rather than another: the difference of their scores.</summary>
    public static Target Contrast(Target target, Target other) => new ContrastTarget(target, other);

    /// <summary>Any function of the scores.</summary>
    /// <param name="name">How results call it.</param>
    /// <param name="score">Gets one score per class (logits, or probabilities for presets that score those) and returns the value to explain. Called from several threads at once.</param>
    public static Target Function(string name, ScoreFunction score) => new FunctionTarget(name, score);

    /// <summary>How results call it.</summary>
    public abstract string Name { get; }

    /// <summary>The class it stands for; null where it is not one class.</summary>
    public virtual int? ClassIndex => null;

    /// <summary>The value to explain.</summary>
    /// <param name="scores">One score per class: logits, or probabilities for presets that score those.</param>
    public abstract float Score(ReadOnlySpan<float> scores);

    /// <summary>Called once per explanation with what the network says about the unmasked picture; returns the target to use, which no longer depends on it.</summary>
    /// <exception cref="ArgumentException">No such class.</exception>
    public virtual Target Resolve(Prediction prediction) => this;
}

/// <summary>A function of the scores of all classes.</summary>
/// <param name="scores">One score per class.</param>
public delegate float ScoreFunction(ReadOnlySpan<float> scores);
