using System.Text.Json;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>A folder of golden/gradients.</summary>
internal sealed class GradientGolden
{
    private readonly string _folder;
    private readonly JsonElement _root;

    public GradientGolden(string network)
    {
        string committed = Path.Combine(SharedData.Repository, "tests", "golden", "gradients", network);
        _folder = Directory.Exists(committed) ? committed : SharedData.Require("golden", "gradients", network);
        _root = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "cases.json"))).RootElement;
    }

    public string Layer => _root.GetProperty("layer").GetString()!;

    /// <summary>An earlier layer; the default one where the folder has none.</summary>
    public string Inner => _root.TryGetProperty("inner", out JsonElement inner) ? inner.GetString()! : Layer;

    public ImageModel Load()
    {
        string path = Path.GetFullPath(Path.Combine(_folder, _root.GetProperty("model").GetString()!));
        // The network of everyday20 is in the repository.
        return ImageModel.Load(File.Exists(path)
            ? path
            : Path.Combine(SharedData.Repository, "models", "everyday20", "model.onnx"));
    }

    /// <summary>Constants of the optimised masks.</summary>
    public JsonElement Mask => _root.GetProperty("mask");

    /// <summary>The noise z of eight copies: copies × planes, or one plane for all colours.</summary>
    public float[][] Noise(ImageInput input)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(_folder, "noise.npy"));
        ReadOnlySpan<byte> values = file.AsSpan(System.Array.IndexOf(file, (byte)'\n') + 1);
        int length = values.Length / 8, plane = input.Height!.Value * input.Width!.Value;
        var noise = new float[8][];
        for (int s = 0; s < noise.Length; s++)
        {
            float[] copy = new float[length];
            for (int i = 0; i < length; i++)
                copy[i] = (sbyte)values[(s * length) + i] / 32f;
            copy = length == plane ? copy : Planes(copy, input);
            noise[s] = new float[input.Channels * plane];
            for (int i = 0; i < noise[s].Length; i++)
                noise[s][i] = copy[i % length];
        }
        return noise;
    }

    public int Cases => _root.GetProperty("cases").GetArrayLength();

    public JsonElement Case(int index) => _root.GetProperty("cases")[index];

    /// <summary>How far rounding moves the gradient of a case, as a relative error.</summary>
    public double Jitter(int index) => Case(index).GetProperty("jitter").GetProperty("l2").GetDouble();

    /// <summary>The cases that an array has, and their rows in it.</summary>
    public IEnumerable<(int Case, int Row)> CasesOf(string array) =>
        _root.GetProperty("arrays").TryGetProperty(array, out JsonElement cases)
            ? cases.EnumerateArray().Select((one, row) => (one.GetInt32(), row))
            : [];

    public NpyArray Array(string name) => NpyArray.Load(Path.Combine(_folder, name));

    public Explanation Explain(ImageModel model, Explainer explainer, int index) => explainer.Explain(
        Picture(model, index), TargetOf(index), cancellationToken: TestContext.Current.CancellationToken);

    public Target TargetOf(int index) => Target.Class(Case(index).GetProperty("class").GetInt32());

    public PreparedImage Picture(ImageModel model, int index)
    {
        JsonElement one = Case(index);
        NpyArray input = Array(one.GetProperty("input").GetString()!);
        float[] planes = Planes(input.Row(one.GetProperty("image").GetInt32()), model.Input);
        ImageInput facts = model.Input;
        return PreparedImage.FromTensor(
            planes, facts.Channels, facts.Height ?? input.Shape[2], facts.Width ?? input.Shape[3]);
    }

    /// <summary>Channels × positions, from the layout of the network.</summary>
    public float[] Planes(ReadOnlySpan<float> values, ImageInput input)
    {
        float[] planes = values.ToArray();
        if (input.Layout == TensorLayout.Nhwc)
            for (int i = 0; i < values.Length; i++)
                planes[(i % input.Channels * (values.Length / input.Channels)) + (i / input.Channels)] = values[i];
        return planes;
    }

    public void ShouldBe(ReadOnlySpan<float> actual, string array, int row, float relativeToLargest)
    {
        ReadOnlySpan<float> expected = Array(array).Row(row);
        float largest = 0;
        foreach (float value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        actual.LargestDifference(expected).Should().BeLessThan(relativeToLargest * largest, $"{array}, row {row}");
    }

    /// <summary>‖actual − expected‖ / ‖expected‖.</summary>
    public static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += Math.Pow(actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(error / size);
    }
}
