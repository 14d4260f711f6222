using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Activation;

/// <summary>
/// CAM (Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016): L = Σ_k w_ck A_k with the weights of the classifier itself. It
/// exists where the classifier is global average pooling and one linear layer; other networks are refused. As in the paper there is no ReLU. One pass.
/// </summary>
public sealed class CamExplainer : LayerExplainer
{
    private LinearHead? _linear;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    public CamExplainer(ImageModel model, CamOptions? options = null)
        : base(model) => Layer = LayerOf(model, options?.Layer);

    /// <inheritdoc/>
    public override string Name => "CAM";

    private protected override string Layer { get; }

    private protected override bool Rectifies => false;

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        LinearHead linear = LazyInitializer.EnsureInitialized(ref _linear, () => Model.Network.Layers.LinearHeadOn(run.Pass!.Layer));
        ActivationMaps maps = run.Maps;
        (int channels, int values) = (maps.Channels, run.Head.Values);
        if (linear.Bias.Length != values || run.Head.ValuesAreProbabilities)
            throw new UnsupportedModelException($"CAM found a linear layer of {linear.Bias.Length} classes on '{Layer}', but the scores are {values} {(run.Head.ValuesAreProbabilities ? "probabilities" : "logits")}.");

        float[] means = [.. Enumerable.Range(0, channels).Select(k => TensorPrimitives.Sum(maps[k]) / maps[k].Length)];
        var computed = new float[values];
        for (int c = 0; c < values; c++)
            computed[c] = TensorPrimitives.Dot(linear.Weights.AsSpan(c * channels, channels), means) + linear.Bias[c];
        float size = 1 + MathF.Abs(TensorPrimitives.MaxMagnitude<float>(run.Pass!.Values));
        if (!(TensorPrimitives.Distance<float>(computed, run.Pass.Values) <= 1e-2f * size * MathF.Sqrt(values)))
            throw new UnsupportedModelException($"Pooling the layer '{Layer}' and applying the linear layer does not give the network's scores, so CAM does not exist for it.");

        return [.. run.Targets.Select(target => new SaliencyMap(maps.Width, maps.Height, maps.WeightedSum(Weights(linear, target, run, computed))))];
    }

    /// <summary>The weights of a target: it takes a column of class weights as it takes logits, which is exact for linear targets.</summary>
    private static float[] Weights(LinearHead linear, Target target, MethodRun run, float[] computed)
    {
        int channels = run.Maps.Channels;
        var (column, logits) = (new float[run.Head.Values], new float[run.Head.Classes]);
        float Score(ReadOnlySpan<float> values)
        {
            run.Head.Logits(values, logits);
            return target.Score(logits);
        }

        var weights = new float[channels];
        double sum = 0;
        for (int k = 0; k < channels; k++)
        {
            for (int c = 0; c < column.Length; c++)
                column[c] = linear.Weights[(c * channels) + k];
            weights[k] = Score(column);
            sum += weights[k] * (double)(TensorPrimitives.Sum(run.Maps[k]) / run.Maps[k].Length);
        }
        double bias = Score(linear.Bias), score = Score(computed);
        return Math.Abs(sum + bias - score) <= 1e-3 * (1 + Math.Abs(score) + Math.Abs(bias)) ? weights
            : throw new ArgumentException($"CAM explains targets that are linear in the logits, a class or a contrast, and '{target.Name}' is not.");
    }
}
