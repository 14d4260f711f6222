using System.Globalization;
using System.Text.Json.Serialization;
using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The setup of an evaluation.</summary>
internal sealed record EvaluationSetup : RunSetup
{
    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    public required ModelRecord Model { get; init; }

    public static EvaluationSetup Of(
        ImageModel model, string picturesSha256, int seed, IEnumerable<Method> methods,
        IEnumerable<Metric> metrics) =>
        new()
        {
            Name = model.Name,
            Model = ModelRecord.Of(model),
            Version = ProgramVersion.Current,
            PicturesSha256 = picturesSha256,
            Seed = seed,
            Methods = [.. methods.Select(method => new MethodColumn(method.Name, method.IsControl))],
            Metrics = [.. metrics.Select(metric => new MetricColumn(metric.Name, metric.Title, metric.HigherIsBetter))],
        };

    /// <summary>
    /// Describes the difference to another setup, because a table over both would be wrong. Null if there is no
    /// difference.
    /// </summary>
    public string? DifferenceTo(EvaluationSetup other) =>
        Model.DifferenceTo(other.Model) ?? DifferenceOfOptions(other);
}

/// <summary>A row of the table.</summary>
internal sealed record MethodColumn(string Name, bool IsControl);

/// <summary>A column of the table.</summary>
internal sealed record MetricColumn(string Name, string Title, bool HigherIsBetter)
{
    /// <summary>Formats percentages with one decimal place, and other values with three.</summary>
    [JsonIgnore]
    public int Digits => Title.Contains('%') ? 1 : 3;

    /// <summary>Formats a value for tables.</summary>
    public string Format(double? value) =>
        value is { } number ? number.ToString(Digits == 1 ? "0.0" : "0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>Formats the 95 % interval; empty if there is no value.</summary>
    public string Interval(SummaryCell cell) => cell.Mean is null ? "" : $"[{Format(cell.Low)}, {Format(cell.High)}]";
}
