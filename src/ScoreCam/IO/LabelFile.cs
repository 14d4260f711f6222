using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ScoreCam.IO;

/// <summary>The forms in which class names are written to files.</summary>
internal static partial class LabelFile
{
    private const string NotUnicode = "it holds text that is not valid Unicode";

    public static ClassLabels Load(string path, int maxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        string text = LimitedReader.ReadText(file, maxBytes, nameof(maxBytes), $"'{path}'");
        return Explained($"'{path}'", () => FromText(text));
    }

    /// <summary>The labels of a <c>config.json</c>; null where it has no <c>id2label</c>.</summary>
    public static ClassLabels? FindInConfig(string path, int maxBytes = LimitedReader.SidecarBytes)
    {
        using FileStream file = File.OpenRead(path);
        return FindInConfig(file, $"'{path}'", maxBytes);
    }

    /// <inheritdoc cref="FindInConfig(string, int)"/>
    public static ClassLabels? FindInConfig(Stream stream, string source, int maxBytes = LimitedReader.SidecarBytes)
    {
        string text = LimitedReader.ReadText(stream, maxBytes, $"{nameof(ModelOptions)}.{nameof(ModelOptions.MaxSidecarBytes)}", source);
        return Explained(source, () =>
        {
            using JsonDocument json = ParseJson(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id2label", out JsonElement labels) ? FromJson(labels) : null;
        });
    }

    /// <summary>The labels in a model's metadata, under "names" as exporters write it (a printed Python dict, or JSON); null where there are none.</summary>
    public static ClassLabels? FindInMetadata(IReadOnlyDictionary<string, string> metadata, string model)
    {
        // Under that name other things stand as well: only what begins as names do is taken for names.
        if (metadata.GetValueOrDefault("names")?.Trim() is not ['{' or '[', ..] text)
            return null;
        return Explained($"The metadata entry \"names\" of '{model}'", () => IsJson(text) ? FromText(text) : InOrder(PythonNames.Read(text)));
    }

    public static ClassLabels Parse(string text) => Explained("The text", () => FromText(text));

    private static ClassLabels FromText(string text)
    {
        if (text.AsSpan().TrimStart() is not ['[' or '{', ..])
            return FromLines(text);
        using JsonDocument json = ParseJson(text);
        return FromJson(json.RootElement);
    }

    private static ClassLabels FromLines(string text)
    {
        string[] lines = text.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        int empty = Array.IndexOf(lines, "");
        if (empty >= 0)
            throw new InvalidDataException(lines.Length == 1 ? "there are no class names" : $"line {empty + 1} is empty; every class needs a name");

        Match[] indexed = [.. lines.Select(line => IndexedLine.Match(line))];
        // Without a 0 the numbers may belong to the names ("1 euro", "2 euro"): then the lines are taken as they are.
        if (Array.TrueForAll(indexed, match => match.Success) && indexed.Any(match => match.Groups["index"].ValueSpan.TrimStart('0').IsEmpty))
            return InOrder(indexed.Select(match => (match.Groups["index"].Value, match.Groups["name"].Value)));

        Match[] synsets = [.. lines.Select(line => SynsetLine.Match(line))];
        return new(Array.TrueForAll(synsets, match => match.Success) ? synsets.Select(match => match.Groups["name"].Value) : lines);
    }

    private static ClassLabels FromJson(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array when root.GetArrayLength() > 0 => new(root.EnumerateArray().Select((name, index) => NameIn(name, $"{index}"))),
        JsonValueKind.Object when root.TryGetProperty("id2label", out JsonElement labels) => FromJson(labels),
        JsonValueKind.Object => InOrder(root.EnumerateObject().Select(entry => (entry.Name, NameIn(entry.Value, entry.Name)))),
        JsonValueKind.Array => throw new InvalidDataException("there are no class names"),
        _ => throw new InvalidDataException($"class names are a JSON array or an object, not a {root.ValueKind}"),
    };

    /// <summary>A name, or the last entry of a pair of synset and name.</summary>
    private static string NameIn(JsonElement value, string index) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.String => value[1].GetString()!,
        _ => throw new InvalidDataException($"the name of class {index} is not a string"),
    };

    private static ClassLabels InOrder(IEnumerable<(string Index, string Name)> entries)
    {
        Dictionary<int, string> names = [];
        foreach ((string key, string name) in entries)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                throw new InvalidDataException($"'{key}' is not a class index; expected 0, 1, 2, …, or \"id2label\"");
            if (!names.TryAdd(index, name))
                throw new InvalidDataException($"class {index} stands twice, as '{names[index]}' and as '{name}'");
        }
        if (names.Count == 0)
            throw new InvalidDataException("there are no class names");
        int[] missing = [.. Enumerable.Range(0, names.Count).Where(i => !names.ContainsKey(i)).Take(5)];
        return missing.Length == 0
            ? new(Enumerable.Range(0, names.Count).Select(i => names[i]))
            : throw new InvalidDataException($"{names.Count} classes are named, up to class {names.Keys.Max()}, but class {string.Join(", ", missing)} is missing");
    }

    private static JsonDocument ParseJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is not valid JSON (line {e.LineNumber + 1})", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(NotUnicode, e);
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static T Explained<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{source} does not hold class names: {NotUnicode}.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{source} does not hold class names: {e.Message}.", e.InnerException);
        }
    }

    [GeneratedRegex(@"^(?<index>\d{1,9})(\s*[:;,\t]\s*|\s+)(?<name>\S.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex IndexedLine { get; }

    [GeneratedRegex(@"^n\d{8}\s+(?<name>\S.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SynsetLine { get; }
}
