using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using ScoreCam.Images;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The preprocessing of a network's pictures.</summary>
internal sealed record PreprocessingRecord
{
    public required string Fit { get; init; }

    public required string Filter { get; init; }

    public required string Order { get; init; }

    public required float Scale { get; init; }

    public required float[] Mean { get; init; }

    public required float[] Std { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int? ShortestEdge { get; init; }

    public int? LongestEdge { get; init; }

    public required float[] PadColor { get; init; }

    public static PreprocessingRecord Of(Preprocessing preprocessing) => new()
    {
        Fit = preprocessing.Fit.ToString().ToLowerInvariant(),
        Filter = preprocessing.Filter.ToString().ToLowerInvariant(),
        Order = preprocessing.Order.ToString().ToLowerInvariant(),
        Scale = preprocessing.Scale,
        Mean = Values(preprocessing.Mean),
        Std = Values(preprocessing.Std),
        Width = preprocessing.Width,
        Height = preprocessing.Height,
        ShortestEdge = preprocessing.ShortestEdge,
        LongestEdge = preprocessing.LongestEdge,
        PadColor = Values(preprocessing.PadColor),
    };

    /// <summary>The whole preprocessing in one line. Equal lines mean equal preprocessing.</summary>
    [JsonIgnore]
    public string Text
    {
        get
        {
            string size = Width is null && Height is null ? "" : $" to {Side(Width)} × {Side(Height)}";
            string shortest = ShortestEdge is { } side ? $" (shortest edge {Side(side)} first)" : "";
            string longest = LongestEdge is { } limit ? $" (longest edge {Side(limit)})" : "";
            string border = PadColor.Any(value => value != 0) ? $", border {Number(PadColor)}" : "";
            string scale = Scale == 1 ? "value" : $"value · {Number(Scale)}";
            return $"{Fit}{size}{shortest}{longest}, {Filter}, {Order.ToUpperInvariant()}, "
                + $"({scale} − {Number(Mean)}) / {Number(Std)}{border}";
        }
    }

    private static float[] Values(Vector3 value) => [value.X, value.Y, value.Z];

    private static string Side(int? side) => side?.ToString(CultureInfo.InvariantCulture) ?? "any";

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Number(float[] values) =>
        values.Distinct().Count() == 1 ? Number(values[0]) : $"({string.Join(", ", values.Select(Number))})";
}
