using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// One photograph in one network, with every score, so that samplings can be compared without another run of the
/// network.
/// </summary>
internal sealed class SamplingCase(string photograph, ActivationMaps maps, NpyArray scores)
{
    private const int Side = 224;

    private readonly PresetRules _rules = PresetRules.Of(ScoreCamPreset.Paper);

    public string Photograph => photograph;

    /// <summary>The best, second and fifth class.</summary>
    public int Targets => scores.Shape[0];

    /// <summary>The same case with only one target.</summary>
    public SamplingCase Only(int target) =>
        new(photograph, maps, new NpyArray([1, scores.Shape[1]],
            scores.Values.Slice(target * scores.Shape[1], scores.Shape[1])));

    /// <summary>Reads the case from the folder, or runs every pass and writes it there.</summary>
    public static SamplingCase Load(string folder, string network, string photograph, Func<ImageModel> load)
    {
        string stem = Path.Combine(folder, $"{network}-{Path.GetFileNameWithoutExtension(photograph)}");
        if (!File.Exists(stem + ".scores.npy"))
            Measure(load(), photograph, stem);
        NpyArray features = NpyArray.Load(stem + ".features.npy");
        return new(photograph, new ActivationMaps("layer", features.Values.ToArray(), features.Shape[0],
            features.Shape[1], features.Shape[2]), NpyArray.Load(stem + ".scores.npy"));
    }

    /// <summary>
    /// Runs a sweep with scores from the table. Returns the scores and the estimated error of each target, and the
    /// number of passes.
    /// </summary>
    public (float[][] Scores, float?[] Errors, int Passes) Simulate(Func<Sweep, ChannelSampler> begin)
    {
        float[] whole = [.. Enumerable.Range(0, Targets).Select(t => Score(t, maps.Channels + 1))];
        AnsweredSweep sweep = AnsweredSweep.Begin(begin, maps, _rules, whole, side: Side);
        ChannelScores result = sweep.Run(
            (target, channel) => Score(target, channel == AnsweredSweep.Baseline ? maps.Channels : channel)).Result;
        for (int t = 0; t < Targets; t++)
            for (int k = 0; k < maps.Channels; k++)
                if (maps.IsDead(k))
                    result.Channels[t][k] = result.Baseline[t];
        return (result.Channels, result.EstimatedErrors, sweep.Scores.Count);
    }

    /// <summary>
    /// The Pearson correlation with the exact map, and the largest absolute error of the normalised map, both at the
    /// resolution of the layer.
    /// </summary>
    public (double Correlation, double Error) Compare(int target, float[] predicted)
    {
        float[] exact = Map([.. Enumerable.Range(0, maps.Channels).Select(k => Score(target, k))]),
            map = Map(predicted);
        double meanExact = exact.Average(), meanMap = map.Average();
        double product = 0, squares = 0, exactSquares = 0, error = 0;
        for (int i = 0; i < map.Length; i++)
        {
            product += (exact[i] - meanExact) * (map[i] - meanMap);
            exactSquares += (exact[i] - meanExact) * (exact[i] - meanExact);
            squares += (map[i] - meanMap) * (map[i] - meanMap);
            error = Math.Max(error, Math.Abs(exact[i] - map[i]));
        }
        return (squares * exactSquares > 0 ? product / Math.Sqrt(squares * exactSquares) : 0, error);
    }

    private float Score(int target, int column) => scores.Values[(target * scores.Shape[1]) + column];

    private float[] Map(float[] channelScores) =>
        new SummedMaps(maps, _rules.Sum, signed: false)
            .Normalize(maps.WeightedSum(ChannelWeights.Compute(_rules.Weights, channelScores, float.NaN)));

    private static void Measure(ImageModel model, string photograph, string stem)
    {
        PreparedImage image = model.Prepare(SkiaImage.Load(photograph));
        IReadOnlyList<int> classes = model.Predict(image).Ranked(5);
        IReadOnlyList<Explanation> explained =
            new ScoreCamExplainer(model)
            .Explain(image, [Target.Class(classes[0]), Target.Class(classes[1]), Target.Class(classes[4])]);
        using var run = new RunContext(null, CancellationToken.None);
        ActivationMaps maps = model.Network.Forward(model.ToNetworkInput(image), model.DefaultLayer.Name, run).Maps;
        int dead = Enumerable.Range(0, maps.Channels).FirstOrDefault(maps.IsDead, -1);

        float[] table = [.. explained.SelectMany(why =>
            (float[])[.. why.Layers[0].ChannelScores, dead < 0 ? float.NaN : why.Layers[0].ChannelScores[dead],
                why.Logit!.Value])];
        var features = new float[maps.Channels * maps.Height * maps.Width];
        for (int k = 0; k < maps.Channels; k++)
            maps[k].CopyTo(features.AsSpan(k * maps.Height * maps.Width));
        new NpyArray([maps.Channels, maps.Height, maps.Width], features).Save(stem + ".features.npy");
        new NpyArray([explained.Count, maps.Channels + 2], table).Save(stem + ".scores.npy");
    }
}
