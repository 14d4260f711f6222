namespace ScoreCam.Targets;

/// <summary>A single class, given by its index.</summary>
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

    public override void Gradient(ReadOnlySpan<float> scores, Span<float> destination)
    {
        destination.Clear();
        destination[_index] = 1;
    }

    public override Target Resolve(Prediction prediction)
    {
        int count = prediction.Logits.Length;
        if (_index >= count)
            throw new ArgumentOutOfRangeException(
                nameof(Target),
                _index,
                $"Class {_index} does not exist: the network has {count} classes, 0 to {count - 1}.");
        return new ClassTarget(_index, prediction.Classes[_index]);
    }
}

/// <summary>
/// A target that resolves to another target when the prediction is known. It has no score of its own.
/// </summary>
internal sealed class UnresolvedTarget(string name, Func<Prediction, Target> resolve) : Target
{
    public override string Name => name;

    public override float Score(ReadOnlySpan<float> scores) =>
        throw new InvalidOperationException(
            $"The target '{name}' has no score before it is resolved; call Resolve first.");

    public override Target Resolve(Prediction prediction) => resolve(prediction);

    /// <summary>The class with the given name, which is looked up when the labels are known.</summary>
    public static Target ClassNamed(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new UnresolvedTarget(
            name, prediction => new ClassTarget(prediction.Classes.IndexOf(name)).Resolve(prediction));
    }

    /// <summary>The class at a rank of the prediction. Rank 0 is the best class.</summary>
    public static Target ClassRanked(int rank)
    {
        return new UnresolvedTarget(rank == 0 ? "predicted" : $"predicted, rank {rank + 1}", Resolve);

        Target Resolve(Prediction prediction)
        {
            int count = prediction.Logits.Length;
            if (rank >= count)
                throw new ArgumentOutOfRangeException(
                    nameof(Target),
                    rank + 1,
                    $"The {rank + 1} best classes were asked for, and the network has {count}.");
            return new ClassTarget(prediction.Ranked(rank + 1)[rank]).Resolve(prediction);
        }
    }

    /// <summary>
    /// A class minus the mean of the classes with the nearest logits, which are chosen on the unmasked picture.
    /// </summary>
    public static Target ClassLessSimilar(Target target, float strength, int others)
    {
        return new UnresolvedTarget($"{target.Name}, finer", Resolve);

        Target Resolve(Prediction prediction)
        {
            Target resolved = target.Resolve(prediction);
            if (resolved.ClassIndex is not { } index)
                throw new ArgumentException(
                    $"Target.Finer compares one class with similar ones, and '{resolved.Name}' is not one class.");
            int[] similar = Nearest(prediction.Logits, index, others);
            var terms = new List<(Target, float)> { (resolved, 1) };
            terms.AddRange(similar.Select(c => (new ClassTarget(c).Resolve(prediction), -strength / similar.Length)));
            string names = string.Join(", ", similar.Select(c => prediction.Classes[c]));
            string name = similar.Length == 0 ? resolved.Name : $"{resolved.Name} rather than {names}";
            return new WeightedTarget(name, terms);
        }

        static int[] Nearest(ReadOnlySpan<float> logits, int index, int count)
        {
            float[] distances = new float[logits.Length];
            for (int c = 0; c < distances.Length; c++)
                distances[c] = MathF.Abs(logits[c] - logits[index]);
            // The sort is stable, so of two equal distances the class with the lower index comes first.
            IEnumerable<int> others = Enumerable.Range(0, distances.Length).Where(c => c != index);
            return [.. others.OrderBy(c => distances[c]).Take(count)];
        }
    }
}
