namespace ScoreCam.Cli.Evaluate;

/// <summary>One class on one picture: what every method explains.</summary>
internal sealed record PictureCase
{
    /// <summary>Path inside the folder of pictures, with slashes.</summary>
    public required string Picture { get; init; }

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>The class, in the network's numbering; null for the predicted one.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>Boxes of the class: xmin, ymin, xmax, ymax each, in pixels of the picture.</summary>
    public double[][] Boxes { get; init; } = [];
}

/// <summary>A picture or a method that could not be evaluated, and why.</summary>
internal sealed record LeftOut(string Name, string Reason);
