using System.Globalization;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Shows where the time of an explanation goes. Each step of the library is repeated alone on one thread, and its time
/// is divided by that of the whole explanation on one worker.
/// </summary>
internal static class Profile
{
    public static int Run(string? only)
    {
        Console.WriteLine(
            "| network | ONNX Runtime | mask: upsample, min–max | mask ⊙ picture | logits to targets "
            + "| weights, sum, map |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All())
            if (only is null || network.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                Measure(network);
        return 0;
    }

    private static void Measure(BenchmarkNetwork network)
    {
        using ImageModel model = network.Load(workers: 1);
        PreparedImage image = network.Prepare(model);
        var explainer = new ScoreCamExplainer(model);
        double whole = Best(() => explainer.Explain(image));

        using var run = new RunContext(null, CancellationToken.None);
        NetworkInput input = model.ToNetworkInput(image);
        ForwardPass pass = model.Network.Forward(input, model.DefaultLayer.Name, run);
        var masks = new Masks(pass.Maps, MaskRule.UpsampleThenMinMax, image.Height, image.Width);
        var scratch = new float[masks.ScratchLength];
        var mask = new float[image.Height * image.Width];
        var picture = new float[image.Tensor.Length];
        var logits = new float[model.Network.Head.Classes];
        int[] live = [.. Enumerable.Range(0, pass.Maps.Channels).Where(k => !masks.IsZero(k))];
        double generate = Best(() => Array.ForEach(live, k => masks.Generate(k, scratch, mask)));
        double multiply = Best(() => Array.ForEach(live, _ => input.WriteMasked(mask, picture)));
        double score = Best(() => Array.ForEach(live, _ => model.Network.Head.Logits(pass.Values, logits)));
        var evidence = explainer.Explain(image);
        float[] scores = [.. evidence.Layers[0].ChannelScores];
        double sum = Best(() =>
        {
            var normalizer = new MapNormalizer(MapRule.UpsampleThenMinMax, false, image.Height, image.Width);
            float[] weights = ChannelWeights.Compute(WeightRule.Softmax, scores, 0);
            var raw = new SaliencyMap(pass.Maps.Width, pass.Maps.Height, pass.Maps.WeightedSum(weights));
            normalizer.Normalize(raw, out _);
        });
        double runtime = whole - (generate + multiply + score + sum);
        IEnumerable<string> shares = new[] { runtime, generate, multiply, score, sum }
            .Select(seconds => (seconds / whole).ToString("P1", CultureInfo.InvariantCulture));
        Console.WriteLine($"| {network.Name} | {string.Join(" | ", shares)} |");
    }

    private static double Best(Action action)
    {
        Measured.WarmUp(action);
        return Enumerable.Range(0, 5).Min(_ => Measured.Seconds(action));
    }
}
