using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Compares gradients with a forward pass of the bare network on one thread, measured in turn. Times are processor
/// times, so that other programs affect them little.
/// </summary>
internal static class GradientTable
{
    private const int Steps = 32, UsualSide = 224;

    private static IEnumerable<string> Networks =>
    [
        Path.Combine(SharedFolder.Repository, "models", "everyday20", "model.onnx"),
        .. new[]
        {
            "squeezenet1.1_fp32_softmax.onnx", "mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx",
            "light/light_resnet50.onnx", "light/light_densenet121.onnx", "light/light_inception_v1.onnx",
            "light/light_bvlc_alexnet.onnx", "light/light_vgg19.onnx",
            "exports/mobilenet_v3/model.onnx", "exports/efficientnet/model.onnx", "exports/regnet_y/model.onnx",
            "exports/shufflenet_v2/model.onnx", "exports/convnext/model.onnx", "exports/vit_torchvision/model.onnx",
            "exports/swin/model.onnx",
        }.Select(file => Path.Combine(SharedFolder.Root, "models", file)),
    ];

    public static int Run(int rounds, string? only)
    {
        Console.WriteLine(
            "| network | forward pass, ms | Grad-CAM / forward pass | whole gradient / forward pass | "
            + $"Integrated Gradients, {Steps} steps / {Steps} forward passes |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        IEnumerable<string> chosen = File.Exists(only)
            ? [only]
            : Networks.Where(path => only is null || path.Contains(only, StringComparison.Ordinal));
        foreach (string path in chosen)
        {
            string name = Path.GetRelativePath(Path.GetDirectoryName(Path.GetDirectoryName(path))!, path);
            if (File.Exists(path))
                Measure(name.Replace("/model.onnx", "", StringComparison.Ordinal), path, rounds);
            else
                Console.WriteLine($"{name}: not measured, it is not there");
        }
        return 0;
    }

    private static void Measure(string name, string path, int rounds)
    {
        using ImageModel model = ImageModel.Load(path, new() { Workers = 1 });
        ImageInput input = model.Input;
        (int height, int width) = (input.Height ?? UsualSide, input.Width ?? UsualSide);
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, input.Channels * height * width).Select(_ =>
            (float)(random.NextDouble() - 0.5))];
        PreparedImage picture = PreparedImage.FromTensor(values, input.Channels, height, width);
        var gradCam = new GradCamExplainer(model);
        var path32 = new IntegratedGradientsExplainer(model, new() { Steps = Steps });

        var factory = new SessionFactory("model", null, null);
        using InferenceSession plain = factory.Open(model.Bytes.ToArray());
        using GradientSession whole = new GradientNetwork(
            OnnxGraph.Read(model.Bytes), model.ScoreTensor, input, factory).Open([input.Name], false, height, width);
        using var options = new RunOptions();
        using OrtValue x = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Float, input.Shape(input.Batch ?? 1, height, width));
        values.CopyTo(x.GetTensorMutableDataAsSpan<float>());
        var seed = new float[whole.Values];
        seed[0] = 1;
        void Forward() => plain.Run(options, [input.Name], [x], plain.OutputNames.Take(1).ToArray()).Dispose();
        void Whole() => whole.Run(options, values, seed, 1);
        Action[] actions = [Forward, () => gradCam.Explain(picture), Whole, () => path32.Explain(picture)];
        foreach (Action action in actions)
            Measured.WarmUp(action);
        // Short actions are repeated, so that each measurement takes some tenths of a second.
        int[] repeats = [.. actions.Select(
            action => (int)Math.Ceiling(0.3 / Math.Max(1e-4, Measured.ProcessorSeconds(action))))];
        Measured[] ratios = [.. actions.Select(_ => new Measured())];
        for (int round = 0; round < rounds; round++)
        {
            double[] seconds = [.. actions.Select((action, i) => Measured.ProcessorSeconds(() =>
            {
                for (int k = 0; k < repeats[i]; k++)
                    action();
            }) / repeats[i])];
            ratios[0].Add(seconds[0] * 1000);
            ratios[1].Add(seconds[1] / seconds[0]);
            ratios[2].Add(seconds[2] / seconds[0]);
            ratios[3].Add(seconds[3] / seconds[0] / Steps);
        }
        Console.WriteLine($"| {name} | {string.Join(" | ", ratios.Select(ratio => ratio.ToString()))} |");
    }
}
