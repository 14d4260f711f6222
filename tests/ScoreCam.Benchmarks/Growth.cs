using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Measures how the time of an explanation grows with channels, pixels and workers. Each time is relative to the first
/// line of its kind, and both are measured in turn.
/// </summary>
internal static class Growth
{
    public static int Run(int rounds)
    {
        Console.WriteLine("| what grows | factor | time, factor |");
        Console.WriteLine("|---|--:|--:|");
        Compare(rounds, "channels", [64, 128, 256, 512], k => Explain(channels: k, side: 112, workers: null), k =>
            k / 64.0);
        Compare(rounds, "pixels (side)", [112, 160, 224, 320], side =>
            Explain(channels: 128, side, workers: null), side => Math.Pow(side / 112.0, 2));
        Compare(rounds, "workers", [.. Enumerable.Range(1, Environment.ProcessorCount)], workers =>
            Explain(channels: 128, side: 224, workers), workers => workers);
        return 0;
    }

    private static void Compare(int rounds, string what, int[] values, Func<int,
        (ImageModel Model, Action Explain)> prepare, Func<int, double> factor)
    {
        (ImageModel Model, Action Explain)[] cases = [.. values.Select(prepare)];
        Measured[] ratios = [.. values.Select(_ => new Measured())];
        for (int round = 0; round < rounds; round++)
        {
            double[] seconds = [.. cases.Select(one => Measured.Seconds(one.Explain))];
            for (int i = 0; i < values.Length; i++)
                ratios[i].Add(seconds[i] / seconds[0]);
        }
        for (int i = 0; i < values.Length; i++)
            Console.WriteLine(FormattableString.Invariant(
                $"| {what} {values[i]} | {factor(values[i]):0.00} | {ratios[i]} |"));
        foreach ((ImageModel model, _) in cases)
            model.Dispose();
    }

    /// <summary>A network with a trunk of fixed cost per pixel, and a last layer of small cost per channel.</summary>
    private static (ImageModel, Action) Explain(int channels, int side, int? workers)
    {
        byte[] network = new TinyModel(seed: 4).Input("image", -1, 3, side, side)
            .Conv("a", 32, stride: 2).Relu("a_relu").Conv("b", 64, stride: 2).Relu("b_relu").Conv("c", 64)
                .Relu("c_relu").Conv("d", 128, stride: 2).Relu("d_relu").Conv("e", 128).Relu("e_relu")
            .Conv("last", channels, kernel: 1, stride: 2).Relu("last_relu").GlobalAveragePool("pool").Flatten("flat")
                .Gemm("logits", 10, channels).Output("logits", -1, 10).ToBytes();
        ImageModel model = ImageModel.Load(network,
            new() { Preprocessing = Preprocessing.Imagenet, Workers = workers });
        var explainer = new ScoreCamExplainer(model);
        var random = new Random(1);
        PreparedImage image = PreparedImage.FromTensor(
            [.. Enumerable.Range(0, 3 * side * side).Select(_ => (float)(random.NextDouble() - 0.5))], 3, side, side);
        void Once() => explainer.Explain(image);
        Once();
        return (model, Once);
    }
}
