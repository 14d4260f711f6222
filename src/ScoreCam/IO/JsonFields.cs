using System.Text.Json;

namespace ScoreCam.IO;

/// <summary>
/// Typed access to the fields of a JSON object. A value of another type causes an error that names the field. A JSON
/// null counts as absent.
/// </summary>
internal class JsonFields
{
    private const int MaxShownCharacters = 60;

    private readonly JsonElement _object;

    public JsonFields(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{source} is a JSON {root.ValueKind}, but an object is expected.");
        (_object, Source) = (root, source);
    }

    /// <summary>The name of the source; errors begin with it.</summary>
    protected string Source { get; }

    public InvalidDataException Error(string field, string problem) => new($"{Source}: \"{field}\" is {problem}.");

    public bool Has(string field) => Find(field) is not null;

    public bool Flag(string field, bool absent) => Find(field) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        JsonElement other => throw Wrong(field, other, "true or false"),
    };

    public string? Text(string field) => Find(field) is JsonElement value ? Text(field, value) : null;

    public double Number(string field, double absent) =>
        Find(field) is JsonElement value ? Number(field, value) : absent;

    public int Integer(string field, int absent) => Find(field) is JsonElement value ? Integer(field, value) : absent;

    protected string Text(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(field, value, "a string");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{Source}: \"{field}\" is not valid Unicode text.", e);
        }
    }

    protected double Number(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number))
            throw Wrong(field, value, "a finite number");
        return float.IsFinite((float)number) ? number : throw Wrong(field, value, "a finite number");
    }

    protected int Integer(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Wrong(field, value, "a whole number");

    protected JsonElement? Find(string field) =>
        _object.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    protected InvalidDataException Wrong(string field, JsonElement value, string expected)
    {
        string text = value.GetRawText();
        string shown = text.Length <= MaxShownCharacters ? text : $"{text[..MaxShownCharacters]}…";
        return Error(field, $"{shown}, but {expected} is expected");
    }
}
