using System.Text.Json;
using ScoreCam.Images;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Images;

/// <summary>A picture and Pillow's result for it, from Fixtures/pillow.json (written by make_fixtures.py).</summary>
internal sealed record PillowCase(RgbImage Source, int Width, int Height, byte[] Expected, JsonElement Facts)
{
    public static IReadOnlyList<PillowCase> Read(string kind)
    {
        string folder = Path.Combine(SharedData.Repository, "tests", "ScoreCam.Tests", "Images", "Fixtures");
        string path = Path.Combine(folder, "pillow.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty(kind).EnumerateArray().Select(Of)];
    }

    private static PillowCase Of(JsonElement e) => new(
        new RgbImage(Int(e, "width"), Int(e, "height"), e.GetProperty("source").GetBytesFromBase64()),
        Int(e, "toWidth"),
        Int(e, "toHeight"),
        e.GetProperty("expected").GetBytesFromBase64(),
        e.Clone());

    public int Fact(string name) => Int(Facts, name);

    public (int X, int Y) Pair(string name)
    {
        JsonElement pair = Facts.GetProperty(name);
        return (pair[0].GetInt32(), pair[1].GetInt32());
    }

    private static int Int(JsonElement e, string name) => e.GetProperty(name).GetInt32();
}
