using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// The data that the script of the report draws. Lists are in the order of the networks, methods and pictures.
/// </summary>
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

    /// <summary>The group of each class that a picture shows, by class name.</summary>
    public required Dictionary<string, string> GroupOf { get; init; }

    public required PagePicture[] Pictures { get; init; }

    /// <summary>The answers, by network and picture.</summary>
    public required PageAnswer?[][] Answers { get; init; }

    /// <summary>The maps, by network, method and picture.</summary>
    public required PageMap?[][][] Maps { get; init; }

    /// <summary>The consensus, by network and picture.</summary>
    public required PageConsensus?[][] Consensus { get; init; }

    /// <summary>
    /// The similarity, by pair of columns and picture, with one value per measure. The pairs are ordered as in the
    /// figures.
    /// </summary>
    public required double[]?[][] Likeness { get; init; }
}

internal sealed record PageNetwork(string Name, long Parameters, long Bytes);

internal sealed record PageMetric(string Title, bool HigherIsBetter, int Digits);

internal sealed record PagePicture(
    string Key, string Name, string? ClassName, string? Group, int Width, int Height, int GridWidth, int GridHeight,
    double[][] Boxes);

/// <param name="Right">Whether the prediction is the class of the picture; null if the class is unknown.</param>
/// <param name="Truth">The probability of the class of the picture.</param>
/// <param name="SameGroup">
/// Whether the prediction is in the group of the class; null if one of them is in no group.
/// </param>
/// <param name="Top">The best classes, each with its label and probability.</param>
internal sealed record PageAnswer(bool? Right, double? Truth, bool? SameGroup, object[][] Top);

/// <param name="Label">The explained class.</param>
/// <param name="Map">The map, with one byte per cell.</param>
/// <param name="Predicted">The map of the predicted class, if it differs from the explained class.</param>
/// <param name="Values">One value per metric.</param>
/// <param name="Warnings">The warnings of the map.</param>
internal sealed record PageMap(string Label, string Map, string? Predicted, double?[] Values, string[] Warnings);

/// <param name="Mean">The mean of the maps of all methods.</param>
/// <param name="Deviation">
/// The standard deviation of the maps, scaled so that the largest possible value, 0.5, becomes 1.
/// </param>
/// <param name="Spread">The mean of the deviation.</param>
/// <param name="Most">The largest deviation.</param>
internal sealed record PageConsensus(string Mean, string Deviation, double Spread, double Most);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(PageData))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
internal sealed partial class PageJson : JsonSerializerContext;
