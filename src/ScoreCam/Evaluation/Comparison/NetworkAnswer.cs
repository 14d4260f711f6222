namespace ScoreCam.Evaluation.Comparison;

/// <summary>The prediction of one network for one picture. Immutable and thread-safe.</summary>
public sealed class NetworkAnswer
{
    private readonly float[] _probabilities;

    /// <summary>Creates an answer. The probabilities are copied.</summary>
    /// <param name="network">The name of the network.</param>
    /// <param name="picture">The name of the picture.</param>
    /// <param name="probabilities">One probability per class of the network.</param>
    /// <param name="classIndex">
    /// The class of the picture in the network's own numbering. Null if the class is unknown, or if the network does
    /// not have it.
    /// </param>
    /// <exception cref="ArgumentException">There are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network does not have this class.</exception>
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

    /// <summary>The name of the network.</summary>
    public string Network { get; }

    /// <summary>The name of the picture.</summary>
    public string Picture { get; }

    /// <summary>The probabilities, 0…1, one per class.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>
    /// The class of the picture in the network's own numbering. Null if the class is unknown, or if the network does
    /// not have it.
    /// </summary>
    public int? ClassIndex { get; }

    /// <summary>
    /// The index of the class with the largest probability. If several are equal, it is the first of them.
    /// </summary>
    public int Predicted { get; }

    /// <summary>The probability of the predicted class, 0…1.</summary>
    public double Confidence => _probabilities[Predicted];

    /// <summary>
    /// Whether the predicted class is the class of the picture; null if <see cref="ClassIndex"/> is null.
    /// </summary>
    public bool? IsRight => ClassIndex is { } index ? index == Predicted : null;

    /// <summary>The time of the prediction, without preparing the picture.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Whether the class of the picture is among the classes with the largest probabilities; null if
    /// <see cref="ClassIndex"/> is null.
    /// </summary>
    /// <param name="count">
    /// The number of classes to consider, at least 1. If the network has fewer classes, all are considered.
    /// </param>
    public bool? IsAmong(int count) =>
        ClassIndex is { } index ? Ranked(Math.Min(count, _probabilities.Length)).Contains(index) : null;

    /// <summary>
    /// Returns the indices of the classes with the largest probabilities, best first. Equal probabilities are ordered
    /// by index.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1 or above the number of classes.</exception>
    public IReadOnlyList<int> Ranked(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _probabilities.Length);
        // OrderByDescending is stable, so equal probabilities keep the order of their indices.
        return [.. Enumerable.Range(0, _probabilities.Length).OrderByDescending(i => _probabilities[i]).Take(count)];
    }
}
