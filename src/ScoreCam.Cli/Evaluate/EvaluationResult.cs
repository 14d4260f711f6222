using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// A whole evaluation, or a shard of one. <c>--json</c> writes it and <c>scorecam merge</c> reads it.
/// </summary>
internal sealed record EvaluationResult
{
    public required EvaluationSetup Setup { get; init; }

    /// <summary>The shards that it contains, each as I/N. Empty if the pictures were not split.</summary>
    public string[] Shards { get; init; } = [];

    /// <summary>The table: the mean, interval and number of pictures for each method and metric.</summary>
    public SummaryRow[] Summary { get; init; } = [];

    /// <summary>The pictures that could not be evaluated.</summary>
    public LeftOut[] LeftOut { get; init; } = [];

    /// <summary>The methods that this network does not support.</summary>
    public LeftOut[] Unavailable { get; init; } = [];

    /// <summary>The results, by picture, class and method.</summary>
    public required CaseRecord[] Cases { get; init; }

    public SanityRecord[] Sanity { get; init; } = [];

    /// <summary>The number of pictures as text: <c>1 picture</c>, <c>2 pictures</c>.</summary>
    [JsonIgnore]
    public string Pictures =>
        Cases.Select(record => record.Picture).Distinct().Count() is var count && count == 1
        ? "1 picture"
        : $"{count} pictures";

    /// <summary>The methods that have results, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<MethodColumn> Methods =>
        [.. Setup.Methods.Where(method => Summary.Any(row => row.Method == method.Name))];

    /// <summary>
    /// Creates a result with sorted records and the table computed from them. It does not depend on the order in which
    /// the records were computed.
    /// </summary>
    public static EvaluationResult Of(EvaluationSetup setup, IEnumerable<string> shards, IEnumerable<CaseRecord> cases,
        IEnumerable<SanityRecord> sanity, IEnumerable<LeftOut> leftOut, IEnumerable<LeftOut> unavailable)
    {
        int Order(string method) => Array.FindIndex(setup.Methods, column => column.Name == method);
        CaseRecord[] ordered = [.. cases.OrderBy(c => c.Picture, StringComparer.Ordinal).ThenBy(c =>
            c.ClassIndex).ThenBy(c => Order(c.Method))];
        return new()
        {
            Setup = setup,
            Shards = [.. shards],
            Cases = ordered,
            Sanity = [.. sanity.OrderBy(s => s.Picture, StringComparer.Ordinal).ThenBy(s => Order(s.Method))],
            LeftOut = [.. leftOut.Distinct().OrderBy(l => l.Name, StringComparer.Ordinal)],
            Unavailable = [.. unavailable.Distinct().OrderBy(l => Order(l.Name))],
            Summary = [.. setup.Methods.Where(method => ordered.Any(c => c.Method == method.Name)).Select(method =>
                SummaryRow.Of(method.Name, setup, ordered))],
        };
    }

    /// <exception cref="UserException">A part of the file is missing or has another type.</exception>
    public static EvaluationResult Load(string path) => ResultFile.Load(path, EvaluationJson.Default.EvaluationResult);

    public void Save(string path)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, this, EvaluationJson.Default.EvaluationResult);
    }
}
