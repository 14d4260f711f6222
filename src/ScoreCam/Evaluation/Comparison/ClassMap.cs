namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// The classes of a comparison as points in a plane: classes that a network confuses are near to each other (the
/// class space of VAC-CNN, Xuan et al., TVCG 2022). Only classes of which there are pictures have a place. Immutable
/// and thread-safe.
/// </summary>
public sealed class ClassMap
{
    private readonly double[,] _distances;

    private ClassMap(IReadOnlyList<string> classes, double[,] distances) =>
        (Classes, _distances, Plane) = (classes, distances, PlaneScaling.Of(distances));

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>A point for each class.</summary>
    public PlaneScaling Plane { get; }

    /// <summary>
    /// How far apart two classes are for the network, 0…1: with D(r, j) the mean over the pictures of class r of 1 −
    /// p(j), the mean of D(r, j) and D(j, r).
    /// </summary>
    public double Distance(int first, int second) => _distances[first, second];

    /// <summary>The class map of a network.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="network">Name of the network.</param>
    /// <exception cref="ArgumentException">There is no such network.</exception>
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
