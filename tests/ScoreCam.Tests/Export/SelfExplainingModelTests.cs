using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Export;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Export;

/// <summary>Exported files, run by ONNX Runtime alone.</summary>
public class SelfExplainingModelTests
{
    private static string Everyday => Path.Combine(SharedData.Repository, "models", "everyday20");

    [Theory]
    [InlineData(ExportMethod.GradCam)]
    [InlineData(ExportMethod.HiResCam)]
    [InlineData(ExportMethod.LayerCam)]
    [InlineData(ExportMethod.Cam)]
    [InlineData(ExportMethod.ReciproCam)]
    public void Every_method_is_exported_and_agrees_with_the_library(ExportMethod method)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ImageModel.Load(Everyday);
        string path = folder.File("explained.onnx");

        SelfExplainingResult result = model.Export(path, new() { Method = method });

        result.LargestDifference.Should().BeLessThanOrEqualTo(1e-5f);
        result.Bytes.Should().Be(new FileInfo(path).Length);
        result.AddedBytes.Should().BeInRange(1, 200_000);
    }

    [Fact]
    public void The_file_gives_scores_and_maps_for_a_batch_and_a_chosen_class()
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ImageModel.Load(Everyday);
        string path = folder.File("explained.onnx");
        model.Export(path, new() { ClassInput = true, RawMap = true });

        PreparedImage cat = Picture(model, 3), other = Picture(model, 11);
        using var session = new InferenceSession(path);
        session.ModelMetadata.CustomMetadataMap["scorecam.method"].Should().Be("GradCam");
        session.InputNames.Should().BeEquivalentTo(model.Input.Name, "class_index");
        float[] pictures = [.. cat.Tensor, .. other.Tensor];
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(pictures, [2, 3, cat.Height, cat.Width]);
        using OrtValue classes = OrtValue.CreateTensorValueFromMemory(new long[] { 6, -1 }, [2]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> values = session.Run(
            options, [model.Input.Name, "class_index"], [x, classes],
                [model.ScoreTensor, "saliency_map", "saliency_raw"]);

        var explainer = new GradCamExplainer(model);
        Explanation[] expected =
        [
            explainer.Explain(cat, Target.Class(6), cancellationToken: TestContext.Current.CancellationToken),
            explainer.Explain(other, cancellationToken: TestContext.Current.CancellationToken),
        ];
        values[1].GetTensorTypeAndShape().Shape.Should().Equal(2, 1, cat.Height, cat.Width);
        for (int i = 0; i < 2; i++)
        {
            Difference(values[0], i, model.Predict(i == 0 ? cat : other).Logits.ToArray()).Should().Be(0);
            Difference(values[1], i, expected[i].Map.Values.ToArray()).Should().BeLessThan(1e-5f);
            float size = expected[i].RawMap.Values.ToArray().Max(MathF.Abs);
            Difference(values[2], i, expected[i].RawMap.Values.ToArray()).Should().BeLessThan(1e-5f * size);
        }
    }

    public static TheoryData<string> Models =>
    [
        "mobilenet_v2_1.0_224_tf_fp32_nchw_logits", "mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax",
        "resnet20_cifar10_fp32_logits", "resnet8_cifar10_fp32_nhwc_softmax", "squeezenet1.1_fp32_softmax",
        "vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void Real_networks_are_exported(string name)
    {
        using var folder = new TemporaryFolder();
        using ImageModel model = ImageModel.Load(SharedData.Require("models", $"{name}.onnx"));
        foreach (ExportMethod method in new[] { ExportMethod.GradCam, ExportMethod.HiResCam, ExportMethod.LayerCam })
            model.Export(folder.File("explained.onnx"), new() { Method = method }).LargestDifference
                .Should().BeLessThanOrEqualTo(1e-5f, $"{name}, {method}");
    }

    [Fact]
    public void Unsupported_networks_are_refused_with_the_reason_and_without_a_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("explained.onnx");
        using ImageModel half = ImageModel.Load(SharedData.Require("models", "squeezenet1.1_fp16_softmax.onnx"));
        half.Invoking(model => model.Export(path)).Should().Throw<UnsupportedModelException>().WithMessage("*float16*");
        using ImageModel quantized =
            ImageModel.Load(SharedData.Require("models", "mobilenet_v2_int8_qlinear_nchw.onnx"));
        quantized.Invoking(model => model.Export(path)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*quantized*");
        File.Exists(path).Should().BeFalse();
    }

    private static PreparedImage Picture(ImageModel model, int seed)
    {
        (int height, int width) = (model.Input.Height!.Value, model.Input.Width!.Value);
        float[] values = [.. Enumerable.Range(0, 3 * height * width).Select(i => MathF.Sin((i * seed / 500f) + seed))];
        return PreparedImage.FromTensor(values, 3, height, width);
    }

    private static float Difference(OrtValue value, int picture, float[] expected)
    {
        ReadOnlySpan<float> values =
            value.GetTensorDataAsSpan<float>().Slice(picture * expected.Length, expected.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(values[i] - expected[i]));
        return largest;
    }
}
