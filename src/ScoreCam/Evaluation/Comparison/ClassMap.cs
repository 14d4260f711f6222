namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// The classes of a comparison as points in a plane, in which classes that a network confuses are close together (the
/// class space of VAC-CNN, Xuan et al., TVCG 2022). Only classes with pictures are included. Immutable and thread-safe.
/// </summary>
public sealed class ClassMap
{
    private readonly double[,] _distances;

    private ClassMap(IReadOnlyList<string> classes, double[,] distances) =>
        (Classes, _distances, Plane) = (classes, distances, PlaneScaling.Of(distances));

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>One point per class.</summary>
    public PlaneScaling Plane { get; }

    /// <summary>
    /// Returns the distance between two classes for the network, 0…1. It is the mean of D(r, j) and D(j, r), where D(r,
    /// j) is the mean of 1 − p(j) over the pictures of class r.
    /// </summary>
    public double Distance(int first, int second) => _distances[first, second];

    /// <summary>Computes the class map of a network.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="network">The name of the network.</param>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public static ClassMap Of(NetworkComparison comparison, string network)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Dictionary<string, List<NetworkAnswer>> answers = comparison.AnswersBy(network, picture => picture.ClassName);
        string[] classes = [.. answers.Keys.Order(StringComparer.OrdinalIgnoreCase)];
        int[] indices = [.. classes.Select(name => answers[name][0].ClassIndex!.Value)];
        double Other(int r, int j) => answers[classes[r]].Average(answer => 1.0 - answer.Probabilities[indices[j]]);
        double[,] distances = new double[classes.Length, classes.Length];
        for (int i = 0; i < classes.Length; i++)
            for (int j = 0; j < i; j++)
                distances[i, j] = distances[j, i] = Math.Max(0, (Other(i, j) + Other(j, i)) / 2);
        return new(classes, distances);
    }
}
