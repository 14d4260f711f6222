using System.Globalization;
using System.Text.Json;

namespace ScoreCam.IO.Explanations;

/// <summary>
/// The fields of a saved explanation. Most of them are required. Some are maps, lists and nested objects.
/// </summary>
internal sealed class SavedFields(JsonElement root, string source) : JsonFields(root, source)
{
    public string RequiredText(string field) => Text(field, Required(field));

    public double RequiredNumber(string field) => Number(field, Required(field));

    /// <summary>Reads a whole number of at least 0.</summary>
    public int RequiredInteger(string field)
    {
        JsonElement value = Required(field);
        return Integer(field, 0) is >= 0 and var number ? number : throw Wrong(field, value, "0 or more");
    }

    public int? OptionalInteger(string field) => Has(field) ? RequiredInteger(field) : null;

    /// <summary>Reads a number of pixels.</summary>
    public int Side(string field) => RequiredInteger(field) is > 0 and var side
        ? side
        : throw Error(field, "0, but a positive number of pixels is expected");

    public float? OptionalFloat(string field) => Has(field) ? Float(field, Required(field)) : null;

    /// <summary>Reads the name of an enumeration value.</summary>
    public T Name<T>(string field)
        where T : struct, Enum
    {
        string text = RequiredText(field);
        return Enum.TryParse(text, out T value) && Enum.GetName(value) == text ? value
            : throw Error(field, $"'{text}'; known are {string.Join(", ", Enum.GetNames<T>())}");
    }

    public TimeSpan Time(string field) =>
        TimeSpan.TryParseExact(RequiredText(field), "c", CultureInfo.InvariantCulture, out TimeSpan time)
            ? time
            : throw Error(field, "no time as \"00:00:01.25\"");

    public IReadOnlyList<string> Texts(string field) =>
        [.. Items(field).Select((item, i) => Text($"{field}[{i}]", item))];

    public SavedFields Object(string field) => new(Required(field), $"{Source}: {field}");

    public IEnumerable<SavedFields> Objects(string field) =>
        Items(field).Select((item, i) => new SavedFields(item, $"{Source}: {field}[{i}]"));

    /// <summary>Reads either the expected number of values or none.</summary>
    public float[] FloatsOrNone(string field, int count) =>
        Array(field).GetArrayLength() == 0 ? [] : Floats(field, count);

    /// <summary>Reads any number of values.</summary>
    public float[] Floats(string field) => Floats(field, Array(field).GetArrayLength());

    /// <summary>Reads the expected number of values.</summary>
    public float[] Floats(string field, long count)
    {
        JsonElement array = Array(field);
        if (array.GetArrayLength() != count)
            throw Error(field, $"a list of {array.GetArrayLength()} numbers, but {count} are expected");
        float[] values = new float[count];
        int i = 0;
        foreach (JsonElement item in array.EnumerateArray())
            values[i] = Float($"{field}[{i++}]", item);
        return values;
    }

    /// <summary>Reads channel indices in ascending order.</summary>
    public int[] Channels(string field, int count)
    {
        int[] channels = [.. Items(field).Select(ChannelOf)];
        for (int i = 0; i < channels.Length; i++)
            if (channels[i] < 0 || channels[i] >= count || (i > 0 && channels[i] <= channels[i - 1]))
                throw Error($"{field}[{i}]", $"no channel in ascending order, 0 to {count - 1}");
        return channels;

        static int ChannelOf(JsonElement item) =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int channel) ? channel : -1;
    }

    public SaliencyMap Map(string field)
    {
        SavedFields map = Object(field);
        (int width, int height) = (map.Side("width"), map.Side("height"));
        return new(width, height, map.Floats("values", (long)width * height));
    }

    private JsonElement Required(string field) => Find(field) ?? throw Error(field, "missing");

    private JsonElement Array(string field) => Required(field) is { ValueKind: JsonValueKind.Array } array
        ? array
        : throw Wrong(field, Required(field), "a list");

    private IEnumerable<JsonElement> Items(string field) => Array(field).EnumerateArray();

    private float Float(string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetSingle(out float number) && float.IsFinite(number) => number,
        JsonValueKind.String when value.ValueEquals("NaN") => float.NaN,
        JsonValueKind.String when value.ValueEquals("Infinity") => float.PositiveInfinity,
        JsonValueKind.String when value.ValueEquals("-Infinity") => float.NegativeInfinity,
        _ => throw Wrong(field, value, "a number"),
    };
}
