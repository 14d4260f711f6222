using ScoreCam.Images;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>A network to measure, and its picture.</summary>
internal sealed record BenchmarkNetwork(string Name, byte[] Bytes, Preprocessing Preprocessing)
{
    private static string Chelsea => Path.Combine(SharedFolder.Repository, "photos", "chelsea.png");

    /// <summary>
    /// The networks of the table. Networks outside the repository are included only if they are present.
    /// </summary>
    public static IEnumerable<BenchmarkNetwork> All()
    {
        yield return new("everyday20",
            File.ReadAllBytes(Path.Combine(SharedFolder.Repository, "models", "everyday20", "model.onnx")),
            Preprocessing.Imagenet);
        foreach ((string name, string file, Preprocessing preprocessing) in new[]
        {
            ("SqueezeNet 1.1", "squeezenet1.1_fp32_softmax.onnx", Preprocessing.Caffe),
            ("MobileNetV2", "mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx", Preprocessing.Inception),
        })
        {
            string path = Path.Combine(SharedFolder.Root, "models", file);
            if (File.Exists(path))
                yield return new(name, File.ReadAllBytes(path), preprocessing);
            else
                Console.WriteLine($"{name}: not measured, shared/models/{file} is not there");
        }
        yield return new("ResNet-18-sized", ResNet18(), Preprocessing.Imagenet);
    }

    public ImageModel Load(int? workers) =>
        ImageModel.Load(Bytes, new() { Preprocessing = Preprocessing, Workers = workers });

    public PreparedImage Prepare(ImageModel model) => model.Prepare(SkiaImage.Load(Chelsea));

    /// <summary>The architecture of ResNet-18 (He et al. 2016) with random weights: 1.8 GMAC, K = 512.</summary>
    private static byte[] ResNet18()
    {
        var net = new TinyModel(seed: 18);
        net.Input("image", -1, 3, 224, 224).Conv("stem", 64, kernel: 7, stride: 2).Relu("stem_relu")
            .MaxPool("stem_pool");
        string last = "stem_pool";
        int channels = 64;
        foreach (int width in new[] { 64, 128, 256, 512 })
            for (int block = 0; block < 2; block++)
            {
                string name = $"block{width}_{block}";
                int stride = block == 0 && width > 64 ? 2 : 1;
                string shortcut = last;
                if (width != channels || stride != 1)
                    net.Conv(shortcut = $"{name}_shortcut", width, kernel: 1, stride: stride, from: last);
                net.Conv($"{name}_a", width, stride: stride, from: last).Relu($"{name}_a_relu")
                    .Conv($"{name}_b", width);
                net.Add($"{name}_sum", $"{name}_b", shortcut).Relu(last = $"{name}_out");
                channels = width;
            }
        return net.GlobalAveragePool("pool", last).Flatten("flat").Gemm("logits", 1000, 512).Output("logits", -1, 1000)
            .ToBytes();
    }
}
