namespace ScoreCam;

/// <summary>What the network says about one picture. Immutable and thread-safe.</summary>
public sealed class Prediction
{
    /// <summary>More classes are refused, so that a damaged model cannot take all memory.</summary>
    internal const int MostClasses = 1 << 20;

    private readonly float[] _logits;
    private readonly float[] _probabilities;

    internal Prediction(float[] logits, float[] probabilities, ClassLabels classes)
    {
        (_logits, _probabilities, Classes) = (logits, probabilities, classes);
    }

    /// <summary>One logit per class.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>
    /// One probability per class: softmax of the logits, or their sigmoid where the network ends in one. Empty where
    /// the network gives a value (<see cref="ScoreKind.Value"/>).
    /// </summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Probability of a class; null where the network gives a value.</summary>
    internal float? ProbabilityOf(int index) => _probabilities.Length == 0 ? null : _probabilities[index];

    /// <summary>The names of the classes.</summary>
    public ClassLabels Classes { get; }

    /// <summary>Index of the class with the largest logit; the first one of equals.</summary>
    public int Top => Ranked(1)[0];

    /// <summary>The indices of the classes with the largest logits, best first; equals in order of index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1 or above the number of classes.</exception>
    public IReadOnlyList<int> Ranked(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _logits.Length);
        int[] order = Enumerable.Range(0, _logits.Length).ToArray();
        float[] keys = Array.ConvertAll(_logits, l => -l);
        // A stable order needs the index as second key: Array.Sort is not stable.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order[..count];
    }
}
