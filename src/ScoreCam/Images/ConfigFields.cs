using System.Numerics;
using System.Text.Json;
using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>A size as a configuration gives it: a number, a shortest edge, or height and width.</summary>
internal readonly record struct ConfigSize(int Height, int Width, bool IsNumber, bool IsShortestEdge)
{
    public int Edge => Math.Min(Height, Width);

    public (int Height, int Width) Box => (Height, Width);
}

/// <summary>The fields of a preprocessor configuration: also colours and sizes.</summary>
internal sealed class ConfigFields(JsonElement root, string source) : JsonFields(root, source)
{
    private const int MaxSide = 1 << 16;

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
}
