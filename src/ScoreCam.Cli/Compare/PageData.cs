using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>What the script of the report draws. Lists stand in the order of networks, methods and pictures.</summary>
internal sealed record PageData
{
    public required string Colormap { get; init; }

    public required PageNetwork[] Networks { get; init; }

    public required MethodColumn[] Methods { get; init; }

    public required PageMetric[] Metrics { get; init; }

    public required string[] Measures { get; init; }

    public required string[] MeasureTexts { get; init; }

    public required ComparisonFigures Figures { get; init; }

    public required string[] GroupNames { get; init; }

    /// <summary>The group of each class that a picture shows, by name.</summary>
    public required Dictionary<string, string> GroupOf { get; init; }

    public required PagePicture[] Pictures { get; init; }

    /// <summary>By network and picture.</summary>
    public required PageAnswer?[][] Answers { get; init; }

    /// <summary>By network, method and picture.</summary>
    public required PageMap?[][][] Maps { get; init; }

    /// <summary>By network and picture.</summary>
    public required PageConsensus?[][] Consensus { get; init; }

    /// <summary>By pair of columns, as in the figures, and picture: one value per measure.</summary>
    public required double[]?[][] Likeness { get; init; }
}

internal sealed record PageNetwork(string Name, long Parameters, long Bytes);

internal sealed record PageMetric(string Title, bool HigherIsBetter, int Digits);

internal sealed record PagePicture(
    string Key, string Name, string? ClassName, string? Group, int Width, int Height, int GridWidth, int GridHeight,
    double[][] Boxes);

/// <param name="Right">Whether the prediction is the class of the picture; null where that is not known.</param>
/// <param name="Truth">Probability of the class of the picture.</param>
/// <param name="SameGroup">Whether the prediction is in the group of the class; null where one is in none.</param>
/// <param name="Top">The best classes: label and probability each.</param>
internal sealed record PageAnswer(bool? Right, double? Truth, bool? SameGroup, object[][] Top);

/// <param name="Label">The class that is explained.</param>
/// <param name="Map">The map, a byte per cell.</param>
/// <param name="Predicted">The map of the predicted class, where that is another one.</param>
/// <param name="Values">One value per metric.</param>
/// <param name="Warnings">What to know before trusting it.</param>
internal sealed record PageMap(string Label, string Map, string? Predicted, double?[] Values, string[] Warnings);

/// <param name="Mean">Mean of the maps of all methods.</param>
/// <param name="Deviation">Their standard deviation, drawn so that the largest possible one, 0.5, is 1.</param>
/// <param name="Spread">Mean of the deviation.</param>
/// <param name="Most">Largest deviation.</param>
internal sealed record PageConsensus(string Mean, string Deviation, double Spread, double Most);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(PageData))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
internal sealed partial class PageJson : JsonSerializerContext;
