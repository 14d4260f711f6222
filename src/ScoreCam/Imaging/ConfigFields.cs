using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace ScoreCam.Imaging;

/// <summary>A size as a configuration gives it: a number, a shortest edge, or height and width.</summary>
internal readonly record struct ConfigSize(int Height, int Width, bool IsNumber, bool IsShortestEdge)
{
    public int Edge => Math.Min(Height, Width);

    public (int Height, int Width) Box => (Height, Width);
}

/// <summary>Typed access to the fields of a JSON object; a wrong type is an error that names the field. JSON null counts as absent.</summary>
internal sealed class ConfigFields
{
    private const int MaxSide = 1 << 16;

    private readonly JsonElement _object;
    private readonly string _source;

    public ConfigFields(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{source} is a JSON {root.ValueKind}, but an object is expected.");
        (_object, _source) = (root, source);
    }

    public InvalidDataException Error(string field, string problem) => new($"{_source}: \"{field}\" is {problem}.");

    public bool Has(string field) => Find(field) is not null;

    public bool Flag(string field, bool absent) => Find(field) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        JsonElement other => throw Wrong(field, other, "true or false"),
    };

    public string? Text(string field) => Find(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        JsonElement other => throw Wrong(field, other, "a string"),
    };

    public double Number(string field, double absent) => Find(field) is JsonElement value ? Number(field, value) : absent;

    public int Integer(string field, int absent) => Find(field) is not JsonElement value ? absent
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(field, value, "a whole number");

    /// <summary>Three numbers, or one for all.</summary>
    public Vector3 Color(string field)
    {
        JsonElement value = Find(field) ?? throw Error(field, "missing although do_normalize is not false");
        if (value.ValueKind != JsonValueKind.Array)
            return new Vector3((float)Number(field, value));
        return value.GetArrayLength() switch
        {
            1 => new Vector3((float)Number(field, value[0])),
            3 => new Vector3((float)Number(field, value[0]), (float)Number(field, value[1]), (float)Number(field, value[2])),
            _ => throw Wrong(field, value, "an array of one or three numbers"),
        };
    }

    public ConfigSize? Size(string field)
    {
        if (Find(field) is not JsonElement value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return new(Side(field, value), Side(field, value), IsNumber: true, IsShortestEdge: false);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2)
            return new(Side(field, value[0]), Side(field, value[1]), false, false);
        if (value.ValueKind == JsonValueKind.Object)
        {
            if (value.TryGetProperty("height", out JsonElement height) && value.TryGetProperty("width", out JsonElement width))
                return new(Side($"{field}.height", height), Side($"{field}.width", width), false, false);
            if (value.TryGetProperty("shortest_edge", out JsonElement edge) && !value.TryGetProperty("longest_edge", out _))
                return new(Side($"{field}.shortest_edge", edge), Side($"{field}.shortest_edge", edge), false, IsShortestEdge: true);
        }

        throw Wrong(field, value, """a number, {"height": …, "width": …} or {"shortest_edge": …}""");
    }

    private int Side(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int side) && side is >= 1 and <= MaxSide
            ? side
            : throw Wrong(field, value, $"a whole number of pixels, 1 to {MaxSide}");

    private double Number(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && float.IsFinite((float)number)
            ? number
            : throw Wrong(field, value, "a finite number");

    private JsonElement? Find(string field) =>
        _object.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private InvalidDataException Wrong(string field, JsonElement value, string expected)
    {
        string text = value.GetRawText();
        string shown = text.Length <= 60 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 60)}…");
        return Error(field, $"{shown}, but {expected} is expected");
    }
}
