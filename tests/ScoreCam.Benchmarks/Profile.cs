using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Benchmarks;

/// <summary>Where the time of an explanation goes: each of our own steps is repeated alone on one thread, and held against the whole on one worker.</summary>
internal static class Profile
{
    public static int Run(string? only)
    {
        Console.WriteLine("| network | ONNX Runtime | mask: upsample, min–max | mask ⊙ picture | logits to targets | weights, sum, map |");
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
        var (scratch, mask, picture) = (new float[masks.ScratchLength], new float[image.Height * image.Width], new float[image.Tensor.Length]);
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
            normalizer.Normalize(new SaliencyMap(pass.Maps.Width, pass.Maps.Height, pass.Maps.WeightedSum(weights)), out _);
        });
        Console.WriteLine(FormattableString.Invariant(
            $"| {network.Name} | {1 - ((generate + multiply + score + sum) / whole):P1} | {generate / whole:P1} | {multiply / whole:P1} | {score / whole:P1} | {sum / whole:P1} |"));
    }

    private static double Best(Action action)
    {
        Measured.WarmUp(action);
        return Enumerable.Range(0, 5).Min(_ => Measured.Seconds(action));
    }
}
