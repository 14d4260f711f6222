namespace ScoreCam.Targets;

/// <summary>
/// What is explained: a class, or any function of the scores. For a target of your own, derive from this class or use
/// <see cref="Function(string, ScoreFunction, ScoreGradient?)"/>. Targets must be thread-safe, because several threads
/// call them at once.
/// </summary>
public abstract class Target
{
    /// <summary>The class with the largest logit.</summary>
    public static Target Predicted { get; } = UnresolvedTarget.ClassRanked(0);

    /// <summary>The class with an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The index is negative. An index beyond the last class is refused when explaining.
    /// </exception>
    public static Target Class(int index) => new ClassTarget(index);

    /// <summary>The class with a name. <see cref="ClassLabels.IndexOf"/> finds it.</summary>
    public static Target Class(string name) => UnresolvedTarget.ClassNamed(name);

    /// <summary>The classes with the largest logits, best first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is below 1, or above the limit of all networks. A count above the classes of the network is refused
    /// when explaining.
    /// </exception>
    public static IReadOnlyList<Target> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Prediction.MostClasses);
        return [.. Enumerable.Range(0, count).Select(UnresolvedTarget.ClassRanked)];
    }

    /// <summary>Why one target rather than another: the difference of their scores.</summary>
    public static Target Contrast(Target target, Target other)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(other);
        return new WeightedTarget(names => $"{names[0]} rather than {names[1]}", [(target, 1), (other, -1)]);
    }

    /// <summary>Several targets together: the sum of their scores, for example of all breeds of dogs.</summary>
    /// <exception cref="ArgumentException">There are no targets.</exception>
    public static Target Sum(IReadOnlyList<Target> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0)
            throw new ArgumentException("A sum needs at least one target.", nameof(targets));
        foreach (Target target in targets)
            ArgumentNullException.ThrowIfNull(target, nameof(targets));
        return new WeightedTarget(names => string.Join(" + ", names), targets.Select(target => (target, 1f)));
    }

    /// <summary>
    /// The difference between a class and similar ones (Zhang et al., "Finer-CAM: Spotting the Difference Reveals Finer
    /// Details for Visual Explanation", CVPR 2025): the score of the class, less <paramref name="strength"/> times the
    /// mean score of the classes whose logits are nearest to its own. These classes are chosen on the unmasked picture.
    /// </summary>
    /// <param name="target">A class; null is the predicted one.</param>
    /// <param name="strength">γ, at least 0. Default: 1.</param>
    /// <param name="others">
    /// Number of similar classes, at least 1. If the network has fewer, all are used. Default: 3.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The strength or the number is out of its range.</exception>
    public static Target Finer(Target? target = null, float strength = 1, int others = 3)
    {
        if (strength is not (>= 0 and <= float.MaxValue))
            throw new ArgumentOutOfRangeException(
                nameof(strength), strength, "Expected a finite number of at least 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(others, 1);
        return UnresolvedTarget.ClassLessSimilar(target ?? Predicted, strength, others);
    }

    /// <summary>Any function of the scores. Methods that need a gradient refuse it unless one is given.</summary>
    /// <param name="name">How results call it.</param>
    /// <param name="score">
    /// Gets one score per class (logits, or probabilities for presets that score those) and returns the value to
    /// explain. Called from several threads at once.
    /// </param>
    /// <param name="gradient">
    /// Writes the derivative of the function by each class score, as <see cref="Gradient"/> describes. Null for none.
    /// </param>
    public static Target Function(string name, ScoreFunction score, ScoreGradient? gradient = null) =>
        new FunctionTarget(name, score, gradient);

    /// <summary>How results call it.</summary>
    public abstract string Name { get; }

    /// <summary>The class it stands for; null where it is not one class.</summary>
    public virtual int? ClassIndex => null;

    /// <summary>The value to explain.</summary>
    /// <param name="scores">One score per class: logits, or probabilities for presets that score those.</param>
    public abstract float Score(ReadOnlySpan<float> scores);

    /// <summary>The derivative of <see cref="Score"/> by each of the scores.</summary>
    /// <param name="scores">One score per class. Methods that use gradients give logits.</param>
    /// <param name="destination">Takes one value per class. Every value must be written.</param>
    /// <exception cref="ArgumentException">The target has no gradient.</exception>
    public virtual void Gradient(ReadOnlySpan<float> scores, Span<float> destination) => throw new ArgumentException(
        $"The target '{Name}' has no gradient, and this method needs one. Give Target.Function its gradient, override "
        + "Target.Gradient, or choose a method that needs none, for example Score-CAM.");

    /// <summary>
    /// Called once per explanation with the prediction for the unmasked picture. Returns the target to use, which no
    /// longer depends on the picture.
    /// </summary>
    /// <exception cref="ArgumentException">No such class.</exception>
    public virtual Target Resolve(Prediction prediction) => this;
}

/// <summary>A function of the scores of all classes.</summary>
/// <param name="scores">One score per class.</param>
public delegate float ScoreFunction(ReadOnlySpan<float> scores);

/// <summary>The gradient of a <see cref="ScoreFunction"/>.</summary>
/// <param name="scores">One score per class.</param>
/// <param name="destination">Takes the derivative by each score.</param>
public delegate void ScoreGradient(ReadOnlySpan<float> scores, Span<float> destination);
