namespace ScoreCam.Evaluation.Comparison;

/// <summary>A picture on which networks are compared. Immutable and thread-safe.</summary>
public sealed record ComparedPicture
{
    /// <summary>Its name; different for every picture of a comparison.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Name of the class that the picture shows. Each network finds it among its own classes, see <see
    /// cref="ClassMatch"/>. Null where the class is not known: then no network is right or wrong about the picture.
    /// </summary>
    public string? ClassName { get; init; }

    /// <summary>
    /// Index of the class in the numbering of whoever labelled the picture. It chooses between classes of one name,
    /// and is taken as it is by a network without class names. Null where it is not known.
    /// </summary>
    public int? ClassIndex { get; init; }

    /// <summary>Boxes of the class, in pixels of the picture; empty where they are not known.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];
}
