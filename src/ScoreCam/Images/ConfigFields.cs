using System.Numerics;
using System.Text.Json;
using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>
/// A size in a configuration: a number, height and width, or a shortest edge with an optional longest edge.
/// </summary>
internal readonly record struct ConfigSize(int Height, int Width, SizeKind Kind, int? LongestEdge = null)
{
    public int Edge => Math.Min(Height, Width);

    public (int Height, int Width) Box => (Height, Width);
}

/// <summary>How a configuration gives a size.</summary>
internal enum SizeKind
{
    Number,
    HeightAndWidth,
    ShortestEdge,
    LongestEdge,
}

/// <summary>The fields of a preprocessing configuration, with colours and sizes.</summary>
internal sealed class ConfigFields(JsonElement root, string source) : JsonFields(root, source)
{
    private const int MaxSide = 1 << 16;

    /// <summary>A nested object; null if it is absent.</summary>
    public ConfigFields? Object(string field) =>
        Find(field) is { } value ? new ConfigFields(value, $"{Source}: {field}") : null;

    /// <summary>Whether a field is a nested object.</summary>
    public bool IsObject(string field) => Find(field) is { ValueKind: JsonValueKind.Object };

    /// <summary>Three numbers, or one for all colours.</summary>
    public Vector3 Color(string field)
    {
        JsonElement value = Find(field) ?? throw Error(field, "missing although do_normalize is not false");
        if (value.ValueKind != JsonValueKind.Array)
            return new Vector3((float)Number(field, value));
        float[] numbers = [.. value.EnumerateArray().Take(4).Select(item => (float)Number(field, item))];
        return numbers switch
        {
            [float gray] => new Vector3(gray),
            [float red, float green, float blue] => new Vector3(red, green, blue),
            _ => throw Wrong(field, value, "an array of one or three numbers"),
        };
    }

    /// <summary>Reads a size; null if it is absent.</summary>
    public ConfigSize? Size(string field)
    {
        if (Find(field) is not { } value)
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number => Square(Side(field, value), SizeKind.Number),
            JsonValueKind.Array when value.GetArrayLength() == 2 =>
                new(Side(field, value[0]), Side(field, value[1]), SizeKind.HeightAndWidth),
            JsonValueKind.Object when SizeOf(field, value) is { } size => size,
            _ => throw Wrong(
                field, value, """a number, {"height": …, "width": …}, {"shortest_edge": …} or {"longest_edge": …}"""),
        };
    }

    /// <summary>Reads a whole number of pixels; null if it is absent.</summary>
    public int? Side(string field) => Find(field) is { } value ? Side(field, value) : null;

    /// <summary>The last two numbers of [channels, height, width]; null if it is absent.</summary>
    public (int Height, int Width)? ChannelsHeightWidth(string field)
    {
        if (Find(field) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            ? (Side(field, value[1]), Side(field, value[2]))
            : throw Wrong(field, value, "[channels, height, width]");
    }

    private ConfigSize? SizeOf(string field, JsonElement value)
    {
        var sides = new ConfigFields(value, $"{Source}: {field}");
        if (sides.Has("height") && sides.Has("width"))
            return new(OneOf("height"), OneOf("width"), SizeKind.HeightAndWidth);
        int? longest = sides.Has("longest_edge") ? OneOf("longest_edge") : null;
        if (sides.Has("shortest_edge"))
            return Square(OneOf("shortest_edge"), SizeKind.ShortestEdge) with { LongestEdge = longest };
        return longest is { } only ? Square(only, SizeKind.LongestEdge) with { LongestEdge = only } : null;

        int OneOf(string side) => Side($"{field}.{side}", value.GetProperty(side));
    }

    private static ConfigSize Square(int side, SizeKind kind) => new(side, side, kind);

    private int Side(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int side) && side is >= 1 and <= MaxSide
            ? side
            : throw Wrong(field, value, $"a whole number of pixels, 1 to {MaxSide}");
}
