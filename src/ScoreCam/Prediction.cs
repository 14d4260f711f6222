namespace ScoreCam;

/// <summary>The network's prediction for one picture. Immutable and thread-safe.</summary>
public sealed class Prediction
{
    /// <summary>The largest accepted number of classes, so that a damaged model cannot use up the memory.</summary>
    internal const int MostClasses = 1 << 20;

    private readonly float[] _logits;
    private readonly float[] _probabilities;

    internal Prediction(float[] logits, float[] probabilities, ClassLabels classes)
    {
        (_logits, _probabilities, Classes) = (logits, probabilities, classes);
    }

    /// <summary>The logits, one per class.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>
    /// The probabilities, 0…1, one per class: the softmax of the logits, or their sigmoid if the network ends in a
    /// sigmoid. Empty if the network gives a value (<see cref="ScoreKind.Value"/>).
    /// </summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>The probability of a class; null if the network gives a value.</summary>
    internal float? ProbabilityOf(int index) => _probabilities.Length == 0 ? null : _probabilities[index];

    /// <summary>The class names.</summary>
    public ClassLabels Classes { get; }

    /// <summary>The index of the class with the largest logit. If several are equal, it is the first of them.</summary>
    public int Top => Ranked(1)[0];

    /// <summary>
    /// Returns the indices of the classes with the largest logits, best first. Equal logits are ordered by index.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1 or above the number of classes.</exception>
    public IReadOnlyList<int> Ranked(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _logits.Length);
        int[] order = Enumerable.Range(0, _logits.Length).ToArray();
        float[] keys = Array.ConvertAll(_logits, l => -l);
        // Array.Sort is not stable, so the index is the second key.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order[..count];
    }
}
