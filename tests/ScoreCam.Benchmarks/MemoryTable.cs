using System.Diagnostics;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Memory that an explanation adds to the memory of ONNX Runtime alone for the same batches: K = 2048, 224 × 224.
/// </summary>
internal static class MemoryTable
{
    public static int Run()
    {
        byte[] bytes = new TinyModel().Input("image", -1, 3, 224, 224)
            .Conv("a", 32, stride: 4).Relu("a_relu").Conv("b", 128, stride: 4).Relu("b_relu")
                .Conv("c", 2048, kernel: 1, stride: 2).Relu("c_relu")
            .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 1000, 2048).Output("logits", -1, 1000).ToBytes();
        var network = new BenchmarkNetwork("2048 channels", bytes, Preprocessing.Imagenet);
        using ImageModel model = network.Load(workers: null);
        PreparedImage image = network.Prepare(model);
        // There are as many concurrent runs as workers, with the same sessions. This is the memory of the network
        // itself.
        Parallel.For(0, 4 * model.Network.Pool.Workers, _ => model.Predict(image));
        long before = WorkingSet();
        var why = new ScoreCamExplainer(model).Explain(image);
        long after = WorkingSet();
        Console.WriteLine(
            $"K {why.Layers[0].Layer.Channels}, {why.Passes} passes: {before / 1048576.0:0.0} MiB for bare runs, "
            + $"{(after - before) / 1048576.0:0.0} MiB more after an explanation");
        return 0;
    }

    private static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
