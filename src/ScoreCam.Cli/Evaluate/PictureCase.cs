namespace ScoreCam.Cli.Evaluate;

/// <summary>One class on one picture, which every method explains.</summary>
internal sealed record PictureCase
{
    /// <summary>The path inside the folder of pictures, with slashes.</summary>
    public required string Picture { get; init; }

    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The class, in the network's numbering; null means the predicted class.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>The boxes of the class, each as xmin, ymin, xmax, ymax in pixels of the picture.</summary>
    public double[][] Boxes { get; init; } = [];
}

/// <summary>A picture or a method that could not be evaluated, and why.</summary>
internal sealed record LeftOut(string Name, string Reason);
