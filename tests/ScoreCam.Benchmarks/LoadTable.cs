using Microsoft.ML.OnnxRuntime;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>From the file to the point where the first explanation can start, against a bare session on the same file.</summary>
internal static class LoadTable
{
    public static int Run(int rounds)
    {
        string path = Path.Combine(Path.GetTempPath(), $"scorecam-load-{Environment.ProcessId}.onnx");
        try
        {
            File.WriteAllBytes(path, HundredMegabytes());
            var (bare, ours, ratio) = (new Measured(), new Measured(), new Measured());
            for (int round = 0; round < rounds + 1; round++)
            {
                double session = Measured.Seconds(() => new InferenceSession(path).Dispose());
                double load = Measured.Seconds(() => ImageModel.Load(path).Dispose());
                if (round == 0)
                    continue;
                bare.Add(session);
                ours.Add(load);
                ratio.Add(load / session);
            }
            Console.WriteLine($"loading {new FileInfo(path).Length / 1048576} MiB: bare session {bare} s, ScoreCam {ours} s, ratio {ratio}");
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The shape of a VGG: most weights in the first fully connected layer.</summary>
    private static byte[] HundredMegabytes() => new TinyModel()
        .Input("image", -1, 3, 224, 224)
        .Conv("a", 64, stride: 2).Relu("a_relu").Conv("b", 128, stride: 2).Relu("b_relu").Conv("c", 256, stride: 2).Relu("c_relu").Conv("d", 512, stride: 2).Relu("d_relu")
        .MaxPool("pool").Flatten("flat").Gemm("wide", 960, 512 * 7 * 7).Relu("wide_relu").Gemm("logits", 1000, 960).Output("logits", -1, 1000).ToBytes();
}
