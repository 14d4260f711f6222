using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Export;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Export;

/// <summary>
/// Real files with every export method. ONNX Runtime alone runs the exported and the original file on one picture, and
/// on a batch of two pictures if the network accepts it.
/// </summary>
public class ExportedNetworksTests
{
    /// <summary>Networks that have only global average pooling and one linear layer after the default layer.</summary>
    private static readonly string[] Pooled =
        ["densenet", "efficientnet", "mnasnet", "mobilenet_v2", "regnet_y", "shufflenet_v2"];

    private static readonly string[] Others =
    [
        "convnext", "convnext_opset14", "mobilenet_v3", "swin", "vgg_bn", "vit_baked_batch", "vit_class_token",
        "vit_distilled", "vit_mean_pool", "vit_no_prefix", "vit_opset14", "vit_registers", "vit_torchvision",
    ];

    public static TheoryData<string> Exports => [.. Pooled, .. Others];

    [Theory]
    [MemberData(nameof(Exports))]
    public void Every_method_is_exported_or_refused(string name)
    {
        string file = SharedData.Require("models", "exports", name, "model.onnx");
        float[] input = NpyArray.Load(SharedData.Require("models", "exports", "input.npy")).Values.ToArray();
        float[] other = [.. input.Select((value, i) => value + MathF.Sin(i / 50f))];
        foreach (ExportMethod method in Enum.GetValues<ExportMethod>())
        {
            using ImageModel model = ImageModel.Load(file, new() { Preprocessing = Preprocessing.Imagenet });
            using var folder = new TemporaryFolder();
            string exported = folder.File("explained.onnx");
            if (method == ExportMethod.Cam && Others.Contains(name))
            {
                model.Invoking(m => m.Export(exported, new() { Method = method }))
                    .Should().Throw<UnsupportedModelException>().WithMessage("CAM needs*");
                continue;
            }
            model.Export(exported, new() { Method = method, RawMap = true });
            float[][] pictures = model.Input.Batch == 1 ? [input] : [input, other];
            Compare(model, file, exported, pictures, Library(model, method));
        }
    }

    private static void Compare(
        ImageModel model, string file, string exported, float[][] pictures, LayerExplainer library)
    {
        using var plain = new InferenceSession(file);
        using var explained = new InferenceSession(exported);
        float[] values = [.. pictures.SelectMany(picture => picture)];
        using OrtValue batch = OrtValue.CreateTensorValueFromMemory(values, [pictures.Length, 3, 64, 64]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> before =
            plain.Run(options, [model.Input.Name], [batch], plain.OutputNames);
        using IDisposableReadOnlyCollection<OrtValue> after = explained.Run(
            options, [model.Input.Name], [batch], [.. plain.OutputNames, "saliency_map", "saliency_raw"]);

        for (int i = 0; i < before.Count; i++)
            after[i].GetTensorDataAsSpan<float>().SequenceEqual(before[i].GetTensorDataAsSpan<float>())
                .Should().BeTrue($"{library.Name} keeps every bit of {plain.OutputNames[i]}");
        ReadOnlySpan<float> maps = after[^2].GetTensorDataAsSpan<float>();
        ReadOnlySpan<float> raws = after[^1].GetTensorDataAsSpan<float>();
        for (int i = 0; i < pictures.Length; i++)
        {
            Explanation why = library.Explain(
                PreparedImage.FromTensor(pictures[i], 3, 64, 64),
                cancellationToken: TestContext.Current.CancellationToken);
            int size = why.RawMap.Values.Length;
            float magnitude = why.RawMap.Values.ToArray().Max(MathF.Abs);
            NpyRows.LargestDifference(raws.Slice(i * size, size), why.RawMap.Values)
                .Should().BeLessThan(1e-5f * magnitude, $"the raw map of {library.Name} equals that of the library");
            // Probabilities of a network with random weights are nearly the same everywhere, and stretching their
            // range to 0…1 stretches the rounding too.
            float stretched = library is ReciproCamExplainer ? 2e-4f : 1e-5f;
            NpyRows.LargestDifference(maps.Slice(i * 4096, 4096), why.Map.Values)
                .Should().BeLessThan(stretched, $"the map of {library.Name} equals that of the library");
        }
    }

    private static LayerExplainer Library(ImageModel model, ExportMethod method) => method switch
    {
        ExportMethod.GradCam => new GradCamExplainer(model),
        ExportMethod.HiResCam => new HiResCamExplainer(model),
        ExportMethod.LayerCam => new LayerCamExplainer(model),
        ExportMethod.Cam => new CamExplainer(model),
        _ => new ReciproCamExplainer(model),
    };
}
