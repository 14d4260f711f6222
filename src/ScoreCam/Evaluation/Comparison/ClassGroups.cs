using System.Text.Json;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>Named groups of classes, for example all dog classes. Immutable and thread-safe.</summary>
public sealed class ClassGroups
{
    private readonly Dictionary<string, string> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Creates groups from their names and their classes. A class is given by its label or by any of its synonyms.
    /// </summary>
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

    /// <summary>The names of the groups, in the order given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The names of all classes that are in a group.</summary>
    public IReadOnlyCollection<string> Classes => _groups.Keys;

    /// <summary>Returns the group of a class; null if the class is in no group.</summary>
    /// <param name="label">A label. All of its synonyms are looked up.</param>
    public string? Of(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        string[] names = [label.Trim(), .. label.Split(',', StringSplitOptions.TrimEntries)];
        return names.Select(name => _groups.GetValueOrDefault(name)).FirstOrDefault(group => group is not null);
    }

    /// <summary>
    /// Parses groups from JSON, for example <c>{"dogs": ["beagle", "collie"], "birds": ["cock"]}</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The text is not JSON of this form, a group has no classes, or a class is in two groups.
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
