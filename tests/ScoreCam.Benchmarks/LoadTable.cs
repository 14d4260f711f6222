using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Compares the time from the file to the start of the first explanation with the time of a bare session on the same
/// file. Each time is measured in a separate process, because most programs load a model once. It includes just-in-time
/// compilation.
/// </summary>
internal static class LoadTable
{
    public static int Run(int rounds)
    {
        string path = Path.Combine(Path.GetTempPath(), $"scorecam-load-{Environment.ProcessId}.onnx");
        try
        {
            File.WriteAllBytes(path, HundredMegabytes());
            var (bare, ours, ratio) = (new Measured(), new Measured(), new Measured());
            for (int round = 0; round < rounds; round++)
            {
                double session = InNewProcess("bare", path), load = InNewProcess("ours", path);
                bare.Add(session);
                ours.Add(load);
                ratio.Add(load / session);
            }
            Console.WriteLine(
                $"loading {new FileInfo(path).Length / 1048576} MiB: bare session {bare} s, ScoreCam {ours} s, "
                + $"ratio {ratio}");
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Measures one load in this process, and prints the seconds.</summary>
    public static int Once(string what, string path)
    {
        double seconds = Measured.Seconds(what == "bare" ? () => new InferenceSession(path).Dispose() : () =>
            ImageModel.Load(path).Dispose());
        Console.WriteLine(seconds.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static double InNewProcess(string what, string path)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!,
            ["load-once", what, path])
            { RedirectStandardOutput = true })!;
        string seconds = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(seconds, CultureInfo.InvariantCulture);
    }

    /// <summary>A network like VGG, with most weights in the first fully connected layer.</summary>
    private static byte[] HundredMegabytes() => new TinyModel()
        .Input("image", -1, 3, 224, 224)
        .Conv("a", 64, stride: 2).Relu("a_relu").Conv("b", 128, stride: 2).Relu("b_relu").Conv("c", 256, stride: 2)
            .Relu("c_relu").Conv("d", 512, stride: 2).Relu("d_relu")
        .MaxPool("pool").Flatten("flat").Gemm("wide", 960, 512 * 7 * 7).Relu("wide_relu").Gemm("logits", 1000, 960)
            .Output("logits", -1, 1000).ToBytes();
}
