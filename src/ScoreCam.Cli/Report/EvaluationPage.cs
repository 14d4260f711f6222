using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

/// <summary>
/// What the script of the evaluation's report draws. Lists stand in the order of methods and metrics.
/// </summary>
internal sealed record EvaluationPage
{
    public required string Colormap { get; init; }

    public required MethodColumn[] Methods { get; init; }

    public required CardMetric[] Metrics { get; init; }

    /// <summary>By method.</summary>
    public required MethodCost[] Costs { get; init; }

    /// <summary>By metric and method.</summary>
    public required SummaryCell[][] Summary { get; init; }

    public required Card[] Cards { get; init; }

    public required CurvePanel[] Curves { get; init; }

    public required SanityPanel[] Sanity { get; init; }
}

/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in a table.</param>
/// <param name="Text">What it measures, in a few words.</param>
/// <param name="Kind">The group of metrics that it stands in.</param>
/// <param name="HigherIsBetter">Whether a larger value is better.</param>
/// <param name="Digits">Digits after the point.</param>
/// <param name="Leaders">
/// Indices of the methods that no other is clearly better than; empty where that is true of all.
/// </param>
internal sealed record CardMetric(string Name, string Title, string Text, string Kind, bool HigherIsBetter, int Digits,
    int[] Leaders);

/// <summary>What a method costs on average.</summary>
internal sealed record MethodCost(double Seconds, double Passes, double GradientPasses);

/// <summary>One class on one picture, with every map.</summary>
internal sealed record Card(
    string Key, string Name, string ClassName, double Probability, string? Predicted, double PredictedProbability,
    int Width, int Height, int GridWidth, int GridHeight, double[][] Boxes, CardMap?[] Maps);

/// <param name="Map">A byte per cell, in base64.</param>
/// <param name="Values">By metric.</param>
/// <param name="Warnings">What to know before trusting it.</param>
internal sealed record CardMap(string Map, double?[] Values, string[] Warnings);

/// <summary>A chart of mean curves, one per method; null for a method without.</summary>
internal sealed record CurvePanel(string Title, string Axis, MeanCurve?[] Curves);

internal sealed record MeanCurve(double From, double To, double[] Values);

internal sealed record SanityPanel(
    string Method, string ClassName, string Picture, int GridWidth, int GridHeight, string Map, SanityMap[] Steps);

internal sealed record SanityMap(string Layer, int RandomizedLayers, double Spearman, double Ssim, string Map);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(EvaluationPage))]
internal sealed partial class EvaluationPageJson : JsonSerializerContext;
