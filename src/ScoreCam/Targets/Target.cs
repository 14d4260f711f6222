namespace ScoreCam.Targets;

/// <summary>
/// The target of an explanation: a class, or any function of the scores. For a custom target, derive from this class or
/// call <see cref="Function(string, ScoreFunction, ScoreGradient?)"/>. Targets must be thread-safe, because several
/// threads call them at once.
/// </summary>
public abstract class Target
{
    /// <summary>The class with the largest logit.</summary>
    public static Target Predicted { get; } = UnresolvedTarget.ClassRanked(0);

    /// <summary>The class with the given index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The index is negative. An index beyond the last class is rejected when the target is explained.
    /// </exception>
    public static Target Class(int index) => new ClassTarget(index);

    /// <summary>The class with the given name, as <see cref="ClassLabels.IndexOf"/> finds it.</summary>
    /// <exception cref="ArgumentException">
    /// The name is empty. A name that no class has is rejected when the target is explained.
    /// </exception>
    public static Target Class(string name) => UnresolvedTarget.ClassNamed(name);

    /// <summary>The classes with the largest logits, best first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is below 1, or above the number of classes that any network can have. A count above the number of
    /// classes of the actual network is rejected when the target is explained.
    /// </exception>
    public static IReadOnlyList<Target> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Prediction.MostClasses);
        return [.. Enumerable.Range(0, count).Select(UnresolvedTarget.ClassRanked)];
    }

    /// <summary>
    /// The difference between the scores of two targets. It explains why the network prefers one to the other.
    /// </summary>
    public static Target Contrast(Target target, Target other)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(other);
        return new WeightedTarget(names => $"{names[0]} rather than {names[1]}", [(target, 1), (other, -1)]);
    }

    /// <summary>The sum of the scores of several targets, for example of all dog breeds.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
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
    /// The difference between a class and similar classes (Zhang et al., "Finer-CAM: Spotting the Difference Reveals
    /// Finer Details for Visual Explanation", CVPR 2025). It is the score of the class minus
    /// <paramref name="strength"/> times the mean score of the classes with the nearest logits. These classes are
    /// chosen on the unmasked picture.
    /// </summary>
    /// <param name="target">A class. Null means the predicted class.</param>
    /// <param name="strength">γ, at least 0. The default is 1.</param>
    /// <param name="others">
    /// The number of similar classes, at least 1. The default is 3. If the network has fewer other classes, all of them
    /// are used.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The strength or the number of classes is out of range.</exception>
    public static Target Finer(Target? target = null, float strength = 1, int others = 3)
    {
        if (strength is not (>= 0 and <= float.MaxValue))
            throw new ArgumentOutOfRangeException(
                nameof(strength), strength, "Expected a finite number of at least 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(others, 1);
        return UnresolvedTarget.ClassLessSimilar(target ?? Predicted, strength, others);
    }

    /// <summary>
    /// Any function of the scores. Methods that need a gradient reject the target unless one is given.
    /// </summary>
    /// <param name="name">The name of the target in the results.</param>
    /// <param name="score">
    /// Receives one score per class and returns the value to explain. The scores are logits, or probabilities for
    /// presets that use probabilities. Several threads call the function at once.
    /// </param>
    /// <param name="gradient">
    /// Writes the derivative of the function with respect to each score, as <see cref="Gradient"/> describes. Null
    /// means that the target has no gradient.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Target Function(string name, ScoreFunction score, ScoreGradient? gradient = null) =>
        new FunctionTarget(name, score, gradient);

    /// <summary>The name of the target in the results.</summary>
    public abstract string Name { get; }

    /// <summary>The index of the class; null if the target is not a single class.</summary>
    public virtual int? ClassIndex => null;

    /// <summary>Computes the value to explain.</summary>
    /// <param name="scores">One score per class: logits, or probabilities for presets that use probabilities.</param>
    public abstract float Score(ReadOnlySpan<float> scores);

    /// <summary>Computes the derivative of <see cref="Score"/> with respect to each score.</summary>
    /// <param name="scores">One score per class. Methods that use gradients pass logits.</param>
    /// <param name="destination">Receives one value per class. Every value must be written.</param>
    /// <exception cref="ArgumentException">The target has no gradient.</exception>
    public virtual void Gradient(ReadOnlySpan<float> scores, Span<float> destination) => throw new ArgumentException(
        $"The target '{Name}' has no gradient, and this method needs one. Give Target.Function its gradient, override "
        + "Target.Gradient, or choose a method that needs none, for example Score-CAM.");

    /// <summary>
    /// Returns the target to use, which no longer depends on the picture. It is called once per explanation, with the
    /// prediction for the unmasked picture.
    /// </summary>
    /// <exception cref="ArgumentException">The class does not exist.</exception>
    public virtual Target Resolve(Prediction prediction) => this;
}

/// <summary>A function of the scores of all classes.</summary>
/// <param name="scores">One score per class.</param>
public delegate float ScoreFunction(ReadOnlySpan<float> scores);

/// <summary>The gradient of a <see cref="ScoreFunction"/>.</summary>
/// <param name="scores">One score per class.</param>
/// <param name="destination">Receives the derivative with respect to each score.</param>
public delegate void ScoreGradient(ReadOnlySpan<float> scores, Span<float> destination);
