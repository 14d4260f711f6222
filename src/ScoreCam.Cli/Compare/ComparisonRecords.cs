using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>A picture of the comparison, with its class and boxes if they are known.</summary>
internal sealed record PictureRecord
{
    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    public string? ClassName { get; init; }

    public int? ClassIndex { get; init; }

    /// <summary>The boxes, each as xmin, ymin, xmax, ymax in pixels of the picture.</summary>
    public double[][] Boxes { get; init; } = [];

    public ComparedPicture ToPicture() => new()
    {
        Name = Name,
        ClassName = ClassName,
        ClassIndex = ClassIndex,
        Boxes = [.. Boxes.Select(BoxTable.ToBox)],
    };
}

/// <summary>The prediction of a network for a picture.</summary>
internal sealed record AnswerRecord
{
    public required string Picture { get; init; }

    public required string PictureSha256 { get; init; }

    /// <summary>The class of the picture, in the network's own numbering.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>The probabilities, one per class, each as four bytes with the lowest byte first.</summary>
    public required byte[] Probabilities { get; init; }

    public double Seconds { get; init; }

    public static AnswerRecord Of(NetworkAnswer answer, string sha256) => new()
    {
        Picture = answer.Picture,
        PictureSha256 = sha256,
        ClassIndex = answer.ClassIndex,
        Probabilities = MemoryMarshal.AsBytes(answer.Probabilities).ToArray(),
        Seconds = answer.Elapsed.TotalSeconds,
    };

    public NetworkAnswer ToAnswer(string network)
    {
        ReadOnlySpan<float> probabilities = MemoryMarshal.Cast<byte, float>(Probabilities);
        return new(network, Picture, probabilities, ClassIndex) { Elapsed = TimeSpan.FromSeconds(Seconds) };
    }
}

/// <summary>One picture explained by one method on one network.</summary>
internal sealed record ComparedMapRecord
{
    public required string Picture { get; init; }

    public required string PictureSha256 { get; init; }

    public required string Method { get; init; }

    /// <summary>The explained class, in the network's own numbering.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The boxes that the metrics used.</summary>
    public double[][] Boxes { get; init; } = [];

    public required MapRecord Map { get; init; }

    /// <summary>The map of the predicted class, if it differs from the explained class.</summary>
    public MapRecord? PredictedMap { get; init; }

    /// <summary>The values by metric name. A value is null if the metric does not apply.</summary>
    public required Dictionary<string, double?> Values { get; init; }

    public double Seconds { get; init; }

    public int Passes { get; init; }

    public int GradientPasses { get; init; }

    public string[] Warnings { get; init; } = [];

    public static ComparedMapRecord Of(ComparedMap map, PictureRecord picture) => new()
    {
        Picture = map.Picture,
        PictureSha256 = picture.Sha256,
        Method = map.Method,
        ClassIndex = map.ClassIndex,
        Boxes = picture.Boxes,
        Map = MapRecord.Of(map.Map),
        PredictedMap = map.PredictedMap is null ? null : MapRecord.Of(map.PredictedMap),
        Values = new(map.Values),
        Seconds = map.Elapsed.TotalSeconds,
        Passes = map.Passes,
        GradientPasses = map.GradientPasses,
        Warnings = [.. map.Warnings],
    };

    public ComparedMap ToMap(string network) => new()
    {
        Network = network,
        Picture = Picture,
        Method = Method,
        ClassIndex = ClassIndex,
        Map = Map.ToMap(),
        PredictedMap = PredictedMap?.ToMap(),
        Values = Values,
        Elapsed = TimeSpan.FromSeconds(Seconds),
        Passes = Passes,
        GradientPasses = GradientPasses,
        Warnings = Warnings,
    };
}

/// <summary>A line of the record file.</summary>
internal sealed record ComparisonLine(string Key, AnswerRecord? Answer = null, ComparedMapRecord? Map = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonLine))]
[JsonSerializable(typeof(ComparisonResult))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
