using System.Text.Json.Serialization;
using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>One picture explained by one method, with its metric values.</summary>
internal sealed record CaseRecord
{
    public required string Picture { get; init; }

    public required string PictureSha256 { get; init; }

    public required int ClassIndex { get; init; }

    public required string ClassName { get; init; }

    /// <summary>The probability of the class on the unmasked picture.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether the class is the network's prediction, because no class was given.</summary>
    public required bool IsPredicted { get; init; }

    public required string PredictedName { get; init; }

    public required double PredictedProbability { get; init; }

    public double[][] Boxes { get; init; } = [];

    public required string Method { get; init; }

    /// <summary>The values by metric name. A value is null if the metric does not apply.</summary>
    public required Dictionary<string, double?> Values { get; init; }

    /// <summary>The fraction of tied pixels, if a metric orders the pixels.</summary>
    public double? TiedShare { get; init; }

    public CurveRecord[] Curves { get; init; } = [];

    /// <summary>The map, reduced in size, in the orientation of the picture.</summary>
    public required MapRecord Map { get; init; }

    /// <summary>The time of the explanation, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>
    /// The number of network runs on changed pictures. The first run, on the unchanged picture, is not counted.
    /// </summary>
    public int Passes { get; init; }

    /// <summary>The number of gradient computations.</summary>
    public int GradientPasses { get; init; }

    public string[] Warnings { get; init; } = [];
}

/// <summary>The values of a curve at evenly spaced positions.</summary>
internal sealed record CurveRecord(string Name, double From, double To, double[] Values)
{
    public static CurveRecord Of(MetricCurve curve) =>
        new(curve.Name, curve.X[0], curve.X[^1], [.. curve.Y.Select(y => Math.Round(y, 4))]);
}

/// <summary>One picture explained by networks with progressively randomised weights.</summary>
internal sealed record SanityRecord
{
    public required string Picture { get; init; }

    public required string PictureSha256 { get; init; }

    public required int ClassIndex { get; init; }

    public required string ClassName { get; init; }

    public required string Method { get; init; }

    public required MapRecord Map { get; init; }

    public required SanityStepRecord[] Steps { get; init; }
}

internal sealed record SanityStepRecord(
    string Layer, int RandomizedLayers, double Spearman, double Ssim, MapRecord Map)
{
    public static SanityStepRecord Of(SanityStep step) =>
        new(step.Layer, step.RandomizedLayers, step.Spearman, step.Ssim, MapRecord.Of(step.Explanation));
}

/// <summary>A line of the record file.</summary>
internal sealed record RecordLine(string Key, CaseRecord? Case = null, SanityRecord? Sanity = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordLine))]
[JsonSerializable(typeof(EvaluationResult))]
[JsonSerializable(typeof(ModelRecord))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
