namespace ScoreCam.Evaluation.Comparison;

/// <summary>A picture for the comparison of networks. Immutable and thread-safe.</summary>
public sealed record ComparedPicture
{
    /// <summary>The name of the picture. It is unique within a comparison.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The name of the class that the picture shows. Each network finds this class among its own classes; see
    /// <see cref="ClassMatch"/>. Null if the class is unknown. The picture then does not count as right or wrong.
    /// </summary>
    public string? ClassName { get; init; }

    /// <summary>
    /// The index of the class in the numbering of the picture's labels. It decides between several classes with the
    /// same name. A network without class names uses it directly. Null if it is unknown.
    /// </summary>
    public int? ClassIndex { get; init; }

    /// <summary>The boxes of the class, in pixels of the picture. Empty if they are unknown.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];
}
