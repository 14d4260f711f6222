using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

/// <summary>
/// The data that the script of the evaluation report draws. Lists are in the order of the methods and metrics.
/// </summary>
internal sealed record EvaluationPage
{
    public required string Colormap { get; init; }

    public required MethodColumn[] Methods { get; init; }

    public required CardMetric[] Metrics { get; init; }

    /// <summary>The costs, by method.</summary>
    public required MethodCost[] Costs { get; init; }

    /// <summary>The summary, by metric and method.</summary>
    public required SummaryCell[][] Summary { get; init; }

    public required Card[] Cards { get; init; }

    public required CurvePanel[] Curves { get; init; }

    public required SanityPanel[] Sanity { get; init; }
}

/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The name in a table.</param>
/// <param name="Text">A short description of what it measures.</param>
/// <param name="Kind">The group of the metric.</param>
/// <param name="HigherIsBetter">Whether a larger value is better.</param>
/// <param name="Digits">The number of decimal places.</param>
/// <param name="Leaders">
/// The indices of the methods that no other method clearly surpasses. Empty if this holds for all methods.
/// </param>
internal sealed record CardMetric(string Name, string Title, string Text, string Kind, bool HigherIsBetter, int Digits,
    int[] Leaders);

/// <summary>The average cost of a method.</summary>
internal sealed record MethodCost(double Seconds, double Passes, double GradientPasses);

/// <summary>One class on one picture, with all maps.</summary>
internal sealed record Card(
    string Key, string Name, string ClassName, double Probability, string? Predicted, double PredictedProbability,
    int Width, int Height, int GridWidth, int GridHeight, double[][] Boxes, CardMap?[] Maps);

/// <param name="Map">The map in base64, with one byte per cell.</param>
/// <param name="Values">The values, by metric.</param>
/// <param name="Warnings">The warnings of the map.</param>
internal sealed record CardMap(string Map, double?[] Values, string[] Warnings);

/// <summary>A chart of mean curves, one per method; null for a method without a curve.</summary>
internal sealed record CurvePanel(string Title, string Axis, MeanCurve?[] Curves);

internal sealed record MeanCurve(double From, double To, double[] Values);

internal sealed record SanityPanel(
    string Method, string ClassName, string Picture, int GridWidth, int GridHeight, string Map, SanityMap[] Steps);

internal sealed record SanityMap(string Layer, int RandomizedLayers, double Spearman, double Ssim, string Map);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(EvaluationPage))]
internal sealed partial class EvaluationPageJson : JsonSerializerContext;
