using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A file that <c>evaluate --json</c> or <c>compare --json</c> wrote.</summary>
internal static class ResultFile
{
    private const string Expected = "what scorecam evaluate --json or scorecam compare --json writes";

    /// <summary>Whether the file contains a comparison of networks. Otherwise it contains an evaluation.</summary>
    /// <exception cref="UserException">The file does not exist, or it is another kind of file.</exception>
    public static bool IsComparison(string path)
    {
        using JsonDocument json = Parse(path);
        JsonElement root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong(path, $"it holds {root.ValueKind.ToString().ToLowerInvariant()} where an object was expected");
        if (root.TryGetProperty("networks", out _))
            return true;
        if (root.TryGetProperty("runs", out _))
            throw Wrong(path, "scorecam explain --json wrote it");
        string[] missing = [.. new[] { "setup", "cases" }.Where(name => !root.TryGetProperty(name, out _))];
        return missing.Length == 0
            ? false
            : throw Wrong(path, $"it has no {string.Join(" and no ", missing.Select(name => $"'{name}'"))}");
    }

    /// <exception cref="UserException">A part of the file is missing or has another type.</exception>
    public static T Load<T>(string path, JsonTypeInfo<T> type)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, type) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            // The serializer's own message names types of this program.
            throw Wrong(path, "a part of it is missing or of another type; was it written by another version?", e);
        }
    }

    private static JsonDocument Parse(string path)
    {
        if (!File.Exists(path))
            throw new UserException(Directory.Exists(path)
                ? $"'{path}' is a folder; expected a file"
                : $"there is no file '{path}'");
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonDocument.Parse(file);
        }
        catch (JsonException e)
        {
            bool isRecords = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
            throw Wrong(path, isRecords
                ? "it holds the records of a run that goes on; give the file named by --json"
                : $"it is not JSON at line {e.LineNumber + 1}", e);
        }
    }

    private static UserException Wrong(string path, string why, Exception? inner = null) =>
        new($"'{path}' is not {Expected}: {why}", inner);
}
