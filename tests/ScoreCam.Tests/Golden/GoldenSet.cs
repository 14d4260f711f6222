using System.Text.Json;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// One folder of golden data, computed in PyTorch by other code; tests/golden/README.md explains the files.
/// </summary>
internal sealed class GoldenSet
{
    private readonly string _folder;

    public GoldenSet(string name)
    {
        string committed = Path.Combine(SharedData.Repository, "tests", "golden", name);
        _folder = Directory.Exists(committed) ? committed : SharedData.Require("golden", name);
        // The network of everyday20 is in the folder models.
        string own = Path.Combine(_folder, "model.onnx");
        ModelPath = File.Exists(own) ? own : Path.Combine(SharedData.Repository, "models", "everyday20", "model.onnx");

        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "cases.json")));
        Layer = cases.RootElement.GetProperty("layer").GetString()!;
        Cases = [.. cases.RootElement.GetProperty("cases").EnumerateArray().Select(c => new GoldenCase(
            c.GetProperty("image").GetInt32(),
            c.GetProperty("class").GetInt32(),
            c.TryGetProperty("box", out JsonElement box) && box.ValueKind == JsonValueKind.Array
                ? [.. box.EnumerateArray().Select(v => v.GetInt32())] : null))];
    }

    public static IEnumerable<string> Names =>
        ["shapes", "everyday20", "squeezenet_dog",
            .. new[] { "plain", "dead_channel", "constant_channel", "dead_layer", "gray", "nonsquare_32x48",
            "negative" }.Select(edge => $"edge/{edge}")];

    public static TheoryData<string, ScoreCamPreset> NamesAndPresets()
    {
        var data = new TheoryData<string, ScoreCamPreset>();
        foreach (string name in Names)
            foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
                data.Add(name, preset);
        return data;
    }

    public string ModelPath { get; }

    public string Layer { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    public NpyArray Array(string name) => NpyArray.Load(Path.Combine(_folder, name + ".npy"));

    public bool Has(string name) => File.Exists(Path.Combine(_folder, name + ".npy"));

    /// <summary>File name of a preset.</summary>
    public static string FileOf(ScoreCamPreset preset) => preset switch
    {
        ScoreCamPreset.Paper => "paper",
        ScoreCamPreset.Official => "official",
        ScoreCamPreset.PytorchGradCam => "pytorch-grad-cam",
        ScoreCamPreset.TorchCam => "torch-cam",
        ScoreCamPreset.IncreaseOfConfidence => "increase-of-confidence",
        _ => "scorecam-plus-plus",
    };
}

internal sealed record GoldenCase(int Image, int Class, int[]? Box);

internal static class NpyRows
{
    /// <summary>The values of one entry along the first dimension.</summary>
    public static ReadOnlySpan<float> Row(this NpyArray array, int index)
    {
        int length = array.Values.Length / array.Shape[0];
        return array.Values.Slice(index * length, length);
    }

    public static float LargestDifference(this ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(b.Length, a.Length);
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = Math.Abs(a[i] - b[i]);
            // NaN must not pass as small.
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }
}
