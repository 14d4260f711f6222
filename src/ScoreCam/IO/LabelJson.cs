using System.Globalization;
using System.Text.Json;

namespace ScoreCam.IO;

/// <summary>Reads class names from JSON: lists, index → name and name → index objects, and configurations.</summary>
internal static class LabelJson
{
    // The fields in which configurations and exporters store class names.
    private static readonly string[] NameFields =
        ["id2label", "label_names", "names", "labels", "classes", "class_names", "class_to_idx", "class_indices"];

    /// <summary>Reads class names in any of these formats.</summary>
    /// <exception cref="InvalidDataException">
    /// The JSON has none of these formats. The message states what is wrong.
    /// </exception>
    public static string[] Read(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array => FromArray(root),
        JsonValueKind.Object when FieldOfNames(root) is { } names => FromConfig(root, names),
        JsonValueKind.Object => FromObject(root),
        _ => throw new InvalidDataException($"class names are a JSON array or an object, not a {root.ValueKind}"),
    };

    /// <summary>
    /// Finds <c>id2label</c> (Hugging Face) or <c>label_names</c> (timm) in a <c>config.json</c>. Null if it contains
    /// neither.
    /// </summary>
    public static string[]? FindInConfig(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        foreach (string field in (string[])["id2label", "label_names"])
            if (root.TryGetProperty(field, out JsonElement names) && names.ValueKind != JsonValueKind.Null)
                return FromConfig(root, names);
        return null;
    }

    /// <summary>Sorts index → name entries.</summary>
    /// <exception cref="InvalidDataException">An index is not a number, occurs twice or is missing.</exception>
    public static string[] InOrder(IEnumerable<(string Index, string Name)> entries)
    {
        Dictionary<int, string> names = [];
        foreach ((string key, string name) in entries)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                throw new InvalidDataException($"'{key}' is not a class index; expected 0, 1, 2, …, or \"id2label\"");
            if (!names.TryAdd(index, name))
                throw new InvalidDataException($"class {index} occurs twice, as '{names[index]}' and as '{name}'");
        }
        if (names.Count == 0)
            throw new InvalidDataException("there are no class names");
        int[] missing = [.. Enumerable.Range(0, names.Count).Where(i => !names.ContainsKey(i)).Take(5)];
        if (missing.Length > 0)
            throw new InvalidDataException(
                $"{names.Count} classes are named, up to class {names.Keys.Max()}, " +
                $"but class {string.Join(", ", missing)} is missing");
        return [.. Enumerable.Range(0, names.Count).Select(i => names[i])];
    }

    private static JsonElement? FieldOfNames(JsonElement root)
    {
        foreach (string field in NameFields)
            if (root.TryGetProperty(field, out JsonElement names) && IsList(names.ValueKind))
                return names;
        return null;

        // In a name → index object, a class with this name has a number here.
        static bool IsList(JsonValueKind kind) => kind is JsonValueKind.Array or JsonValueKind.Object;
    }

    private static string[] FromConfig(JsonElement root, JsonElement names)
    {
        string[] read = Read(names);
        // timm stores WordNet identifiers as names, and readable text beside them.
        if (!root.TryGetProperty("label_descriptions", out JsonElement texts)
            || texts.ValueKind != JsonValueKind.Object)
            return read;
        return [.. read.Select(name => texts.TryGetProperty(name, out JsonElement text) ? NameIn(text, name) : name)];
    }

    private static string[] FromArray(JsonElement array) => array.GetArrayLength() > 0
        ? [.. array.EnumerateArray().Select((name, index) => NameIn(name, $"{index}"))]
        : throw new InvalidDataException("there are no class names");

    private static string[] FromObject(JsonElement root)
    {
        JsonProperty[] entries = [.. root.EnumerateObject()];
        bool isNameToIndex = entries.Length > 0 && entries.All(e => e.Value.ValueKind == JsonValueKind.Number);
        return InOrder(entries.Select(e => isNameToIndex
            ? (e.Value.GetRawText(), e.Name)
            : (e.Name, NameIn(e.Value, e.Name))));
    }

    // A name, or a pair of WordNet identifier and name.
    private static string NameIn(JsonElement value, string index) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.String =>
            value[1].GetString()!,
        _ => throw new InvalidDataException($"the name of class {index} is not a string"),
    };
}
