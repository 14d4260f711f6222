using System.Text.Json;
using System.Text.Json.Serialization;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>A whole comparison, or a shard of one. <c>compare --json</c> writes it and <c>merge</c> reads it.</summary>
internal sealed record ComparisonResult : RunSetup
{
    /// <summary>
    /// The class that every network was asked to explain; null means the class of the picture, or the predicted class.
    /// </summary>
    public string? Class { get; init; }

    /// <summary>The shards that it contains, each as I/N. Empty if the pictures were not split.</summary>
    public string[] Shards { get; init; } = [];

    /// <summary>The groups of classes, by name.</summary>
    public Dictionary<string, string[]>? Groups { get; init; }

    /// <summary>The pictures, methods or classes that were omitted, and the reason.</summary>
    public LeftOut[] LeftOut { get; init; } = [];

    /// <summary>The statistics over all pictures.</summary>
    public ComparisonFigures? Figures { get; init; }

    /// <summary>The similarity of the maps, picture by picture.</summary>
    [JsonIgnore]
    public SimilarityTable? Likeness { get; init; }

    public required PictureRecord[] Pictures { get; init; }

    public required NetworkRecord[] Networks { get; init; }

    /// <summary>
    /// Describes the difference to another comparison, because figures over both would be wrong. Null if there is no
    /// difference.
    /// </summary>
    public string? DifferenceTo(ComparisonResult other)
    {
        string[] names = [.. Networks.Select(network => network.Name)];
        string[] otherNames = [.. other.Networks.Select(network => network.Name)];
        if (!names.SequenceEqual(otherNames))
            return $"the networks ({string.Join(", ", names)} and {string.Join(", ", otherNames)})";
        foreach ((NetworkRecord network, NetworkRecord same) in Networks.Zip(other.Networks))
            if (network.Model.DifferenceTo(same.Model) is { } difference)
                return $"{difference} of {network.Name}";
        return DifferenceOfOptions(other)
            ?? (Class != other.Class ? "the class that is explained"
                : GroupsText() != other.GroupsText() ? "the groups of classes"
                : null);
    }

    /// <summary>Returns the groups; null if there are none.</summary>
    public ClassGroups? ClassGroups() =>
        Groups is null
            ? null
            : new(Groups.Select(group => KeyValuePair.Create<string, IReadOnlyList<string>>(group.Key, group.Value)));

    /// <summary>
    /// Returns the result with sorted records and the statistics computed from them. It does not depend on the order in
    /// which the records were computed.
    /// </summary>
    public ComparisonResult Completed()
    {
        int Order(string method) => Array.FindIndex(Methods, column => column.Name == method);
        ComparisonResult ordered = this with
        {
            Pictures = [.. Pictures.OrderBy(picture => picture.Name, StringComparer.Ordinal)],
            LeftOut = [.. LeftOut.Distinct()],
            Networks = [.. Networks.Select(network => network with
            {
                Answers = [.. network.Answers.OrderBy(answer => answer.Picture, StringComparer.Ordinal)],
                Maps = [.. network.Maps.OrderBy(map => map.Picture, StringComparer.Ordinal).ThenBy(map =>
                    Order(map.Method))],
            })],
        };
        NetworkComparison comparison = ordered.ToComparison();
        SimilarityTable likeness = SimilarityTable.Of(comparison);
        return ordered with { Likeness = likeness, Figures = ComparisonFigures.Of(ordered, comparison, likeness) };
    }

    public NetworkComparison ToComparison() => new(
        Networks.Select(network => network.ToNetwork()),
        Pictures.Select(picture => picture.ToPicture()),
        Networks.SelectMany(network => network.Answers.Select(answer => answer.ToAnswer(network.Name))),
        // Ordered by method, because the comparison lists methods in the order of their first map.
        Methods.SelectMany(method => Networks.SelectMany(network =>
            network.Maps.Where(map => map.Method == method.Name).Select(map => map.ToMap(network.Name)))));

    /// <exception cref="UserException">A part of the file is missing or has another type.</exception>
    public static ComparisonResult Load(string path) => ResultFile.Load(path, ComparisonJson.Default.ComparisonResult);

    public void Save(string path)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, this, ComparisonJson.Default.ComparisonResult);
    }

    private string GroupsText() =>
        string.Join('\n', (Groups ?? []).Select(group => $"{group.Key}: {string.Join(", ", group.Value)}"));
}

/// <summary>A network, with its facts, its predictions and its maps.</summary>
internal sealed record NetworkRecord
{
    public required string Name { get; init; }

    public required ModelRecord Model { get; init; }

    public required string[] Classes { get; init; }

    public long Parameters { get; init; }

    public long Bytes { get; init; }

    public string? Layer { get; init; }

    public AnswerRecord[] Answers { get; init; } = [];

    public ComparedMapRecord[] Maps { get; init; } = [];

    public static NetworkRecord Of(ComparedNetwork network, ModelRecord model) => new()
    {
        Name = network.Name,
        Model = model,
        Classes = [.. Enumerable.Range(0, network.Classes.Count).Select(i => network.Classes[i])],
        Parameters = network.Parameters,
        Bytes = network.Bytes,
        Layer = network.Layer,
    };

    public ComparedNetwork ToNetwork() => new()
    {
        Name = Name,
        Sha256 = Model.Sha256,
        Classes = new(Classes),
        Parameters = Parameters,
        Bytes = Bytes,
        Layer = Layer,
    };
}
