using System.Text.Json;

namespace ScoreCam.IO;

/// <summary>
/// Reads the class names of label files, configurations and model metadata, in the order of their indices.
/// </summary>
internal static class LabelFile
{
    private const string NotUnicode = "it holds text that is not valid Unicode";

    private static readonly JsonDocumentOptions LenientJson =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a label file in any known format.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a label file, or it is larger than the limit.</exception>
    public static string[] Load(string path, int maxBytes, string limitName)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        string source = $"'{path}'";
        return Parse(LimitedReader.ReadText(file, maxBytes, limitName, source), source);
    }

    /// <summary>Reads the contents of a label file in any known format.</summary>
    /// <exception cref="InvalidDataException">The contents are not a label file.</exception>
    public static string[] Parse(string text, string source) => Explain(source, () => FromText(text));

    /// <summary>Finds the class names in the text of a <c>config.json</c>; null if it contains none.</summary>
    /// <exception cref="InvalidDataException">The text is not valid JSON, or its names are malformed.</exception>
    public static string[]? FindInConfig(string text, string source) => Explain(source, () =>
    {
        using JsonDocument json = ParseJson(text);
        return LabelJson.FindInConfig(json.RootElement);
    });

    /// <summary>
    /// Finds the class names in a model's metadata. Exporters write them under "names", as a printed Python dict or as
    /// JSON. Null if there are none.
    /// </summary>
    public static string[]? FindInMetadata(IReadOnlyDictionary<string, string> metadata, string model)
    {
        // Other values also occur under this key. Class names begin with a bracket or a brace.
        if (metadata.GetValueOrDefault("names")?.Trim() is not ['{' or '[', ..] text)
            return null;
        return Parse(text, $"The metadata entry \"names\" of '{model}'");
    }

    private static string[] FromText(string text)
    {
        if (text.AsSpan().TrimStart() is ['[' or '{', ..])
            return FromBrackets(text);
        if (LabelYaml.Find(text) is { } names)
            return names;
        return LabelLines.Parse(text);
    }

    // JSON, or a printed Python dict or list.
    private static string[] FromBrackets(string text)
    {
        try
        {
            using JsonDocument json = ParseJson(text);
            return LabelJson.Read(json.RootElement);
        }
        catch (InvalidDataException e) when (e.InnerException is JsonException && PythonLiteral.IsLikely(text))
        {
            using JsonDocument json = ParseJson(PythonLiteral.ToJson(text));
            return LabelJson.Read(json.RootElement);
        }
    }

    private static JsonDocument ParseJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text, LenientJson);
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

    private static T Explain<T>(string source, Func<T> read)
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
}
