namespace ScoreCam.Evaluation.Comparison;

/// <summary>What a network says about a picture. Immutable and thread-safe.</summary>
public sealed class NetworkAnswer
{
    private readonly float[] _probabilities;

    /// <summary>Takes an answer; the probabilities are copied.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="picture">Name of the picture.</param>
    /// <param name="probabilities">One probability per class of the network.</param>
    /// <param name="classIndex">
    /// The picture's class in the network's own numbering; null where it is not known, or the network has none such.
    /// </param>
    /// <exception cref="ArgumentException">There are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The class is not one of the network.</exception>
    public NetworkAnswer(string network, string picture, ReadOnlySpan<float> probabilities, int? classIndex)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(picture);
        if (probabilities.IsEmpty)
            throw new ArgumentException(
                $"The answer of '{network}' to '{picture}' has no probabilities; expected one per class.",
                nameof(probabilities));
        if (classIndex is { } index && (uint)index >= (uint)probabilities.Length)
            throw new ArgumentOutOfRangeException(
                nameof(classIndex), index, $"The network '{network}' has the classes 0 to {probabilities.Length - 1}.");
        (Network, Picture, ClassIndex, _probabilities) = (network, picture, classIndex, probabilities.ToArray());
        Predicted = Ranked(1)[0];
    }

    /// <summary>Name of the network.</summary>
    public string Network { get; }

    /// <summary>Name of the picture.</summary>
    public string Picture { get; }

    /// <summary>One probability per class, 0…1.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>
    /// The picture's class in the network's own numbering; null where it is not known, or the network has none such.
    /// </summary>
    public int? ClassIndex { get; }

    /// <summary>Index of the class with the largest probability; the first one of equals.</summary>
    public int Predicted { get; }

    /// <summary>Probability of the predicted class, 0…1.</summary>
    public double Confidence => _probabilities[Predicted];

    /// <summary>Whether the predicted class is the picture's; null where <see cref="ClassIndex"/> is.</summary>
    public bool? IsRight => ClassIndex is { } index ? index == Predicted : null;

    /// <summary>Time of the prediction, without preparing the picture.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Whether the picture's class is among those with the largest probabilities; null where <see cref="ClassIndex"/>
    /// is.
    /// </summary>
    /// <param name="count">How many of them, at least 1. All classes where the network has fewer.</param>
    public bool? IsAmong(int count) =>
        ClassIndex is { } index ? Ranked(Math.Min(count, _probabilities.Length)).Contains(index) : null;

    /// <summary>
    /// The indices of the classes with the largest probabilities, best first; equals in order of index.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1 or above the number of classes.</exception>
    public IReadOnlyList<int> Ranked(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _probabilities.Length);
        // OrderByDescending is stable, so equals keep the order of their indices.
        return [.. Enumerable.Range(0, _probabilities.Length).OrderByDescending(i => _probabilities[i]).Take(count)];
    }
}
