using System.Text.Json;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>Groups of classes, for example the dogs of a thousand classes. Immutable and thread-safe.</summary>
public sealed class ClassGroups
{
    private readonly Dictionary<string, string> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the groups: the name of each and the classes in it, by label or by any synonym.</summary>
    /// <exception cref="ArgumentException">A group has no name or no classes, or a class is in two groups.</exception>
    public ClassGroups(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        List<string> names = [];
        foreach ((string group, IReadOnlyList<string> classes) in groups)
        {
            if (string.IsNullOrWhiteSpace(group))
                throw new ArgumentException("A group of classes has no name.", nameof(groups));
            if (classes is null || classes.Count == 0)
                throw new ArgumentException(
                    $"The group '{group}' has no classes; expected their names.", nameof(groups));
            names.Add(group);
            foreach (string name in classes)
                Add(name.Trim(), group);
        }
        Names = names;
    }

    /// <summary>Names of the groups, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names of all classes that are in a group.</summary>
    public IReadOnlyCollection<string> Classes => _groups.Keys;

    /// <summary>The group of a class; null where it is in none.</summary>
    /// <param name="label">A label; each of its synonyms is looked for.</param>
    public string? Of(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        string[] names = [label.Trim(), .. label.Split(',', StringSplitOptions.TrimEntries)];
        return names.Select(name => _groups.GetValueOrDefault(name)).FirstOrDefault(group => group is not null);
    }

    /// <summary>Reads groups from JSON: <c>{"dogs": ["beagle", "collie"], "birds": ["cock"]}</c>.</summary>
    /// <exception cref="InvalidDataException">
    /// It is not such JSON, a group has no classes, or a class is in two groups.
    /// </exception>
    public static ClassGroups Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        const string Expected =
            "expected an object of groups, each an array of class names: {\"dogs\": [\"beagle\", \"collie\"]}";
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"The groups are no JSON object; {Expected}.");
            List<KeyValuePair<string, IReadOnlyList<string>>> groups = [];
            foreach (JsonProperty group in document.RootElement.EnumerateObject())
                groups.Add(new(group.Name, NamesOf(group) ?? throw new InvalidDataException(
                    $"The group '{group.Name}' is no array of names; {Expected}.")));
            return new(groups);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The groups are not JSON (line {e.LineNumber + 1}); {Expected}.", e);
        }
        catch (ArgumentException e) when (e.ParamName == "groups")
        {
            throw new InvalidDataException(e.Message.Split(" (Parameter")[0], e);
        }
    }

    private static string[]? NamesOf(JsonProperty group)
    {
        if (group.Value.ValueKind != JsonValueKind.Array)
            return null;
        JsonElement[] items = [.. group.Value.EnumerateArray()];
        return items.All(item => item.ValueKind == JsonValueKind.String)
            ? [.. items.Select(item => item.GetString()!)]
            : null;
    }

    private void Add(string name, string group)
    {
        if (_groups.TryGetValue(name, out string? other) && other != group)
            throw new ArgumentException(
                $"The class '{name}' is in the groups '{other}' and '{group}'; a class is in one at most.", "groups");
        _groups[name] = group;
    }
}
