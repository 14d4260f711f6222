using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>Options of ViT-CX.</summary>
public sealed record VitCxOptions : LayerOptions
{
    /// <summary>
    /// The cosine distance, 0…2, below which masks are merged into one cluster. The default is 0.1, as in the paper.
    /// </summary>
    public double ClusterDistance { get; init; } = 0.1;

    /// <summary>
    /// The standard deviation of the noise that fills the hidden part, in units of the prepared picture. The default is
    /// 0.1, as in the paper.
    /// </summary>
    public double NoiseDeviation { get; init; } = 0.1;

    /// <summary>The seed of the noise. The default is 0.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// ViT-CX (Xie et al., "ViT-CX: Causal Explanation of Vision Transformers", IJCAI 2023). The activation maps become
/// masks as in Score-CAM. Similar masks are merged into clusters, of which there are usually a few tens. The score of a
/// mask M is its effect on the target's probability p, with noise n: p(X ⊙ M + n ⊙ (1 − M)) − p(X + n ⊙ (1 − M)) +
/// p(X). The map is Σ score · M / Σ M.
/// </summary>
/// <remarks>
/// The second term removes the effect of the noise itself. Each cluster takes two passes. The method works on any
/// layer. It was designed for the tokens of a transformer, whose many channels repeat few patterns.
/// </remarks>
public sealed class VitCxExplainer : LayerExplainer
{
    private readonly VitCxOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">
    /// A requested layer is not in the model, or an option is out of range.
    /// </exception>
    public VitCxExplainer(ImageModel model, VitCxOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        if (_options.ClusterDistance is not (>= 0 and <= 2))
            throw new ArgumentOutOfRangeException(
                nameof(VitCxOptions.ClusterDistance), _options.ClusterDistance, "Expected a number from 0 to 2.");
        if (!(_options.NoiseDeviation >= 0 && double.IsFinite(_options.NoiseDeviation)))
            throw new ArgumentOutOfRangeException(
                nameof(VitCxOptions.NoiseDeviation), _options.NoiseDeviation, "Expected a finite number from 0 on.");
    }

    /// <inheritdoc/>
    public override string Name => "ViT-CX";

    /// <summary>False: the scores are effects on a probability and can be negative.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        (int height, int width) = (layer.Height, layer.Width);
        CancellationToken token = layer.CancellationToken;
        int[][] clusters = MaskClusters.Find(layer.Activations, height, width, _options.ClusterDistance, token);
        if (clusters.Length == 0)
            return layer.ForAllTargets(new SaliencyMap(width, height, new float[height * width]));
        ActivationMaps merged = MaskClusters.Merge(layer.Activations, clusters, height, width);
        var masks = new Masks(merged, MaskRule.UpsampleThenMinMax, height, width);
        float[][] scores = CausalScores(layer, masks, clusters.Length);
        float[][] maps = MaskAverages(masks, scores, height, width, token);
        return layer.ForEachTarget(t => new SaliencyMap(width, height, maps[t]));
    }

    /// <summary>Returns one row per target, with one score per mask.</summary>
    private float[][] CausalScores(LayerContext layer, Masks masks, int count)
    {
        // Pictures 0…count − 1 are masked and noisy, the next count pictures are only noisy, and the last is the
        // picture itself.
        NetworkInput input = layer.Input;
        float[][] probabilities = layer.Scorer(ScoredValue.Probability).Score((2 * count) + 1, Write, layer.Call.Run);
        return Array.ConvertAll(
            probabilities, p => Enumerable.Range(0, count).Select(i => p[i] - p[count + i] + p[^1]).ToArray());

        void Write(int i, Span<float> picture, BatchBuffer buffer)
        {
            if (i == 2 * count)
            {
                input.Write(picture);
                return;
            }
            masks.Generate(i % count, buffer.ScratchOf(masks.ScratchLength), buffer.Mask);
            if (i < count)
                input.WriteMasked(buffer.Mask, picture);
            else
                input.Write(picture);
            var random = new SeededRandom(_options.Seed, i % count);
            input.AddNoise(buffer.Mask, random, _options.NoiseDeviation, picture);
        }
    }

    /// <summary>
    /// Returns Σ score · M / Σ M for each row of scores. The masks are computed again instead of kept.
    /// </summary>
    private static float[][] MaskAverages(
        Masks masks, float[][] scores, int height, int width, CancellationToken token)
    {
        float[][] sums = [.. scores.Select(_ => new float[height * width])];
        var (total, mask) = (new float[height * width], new float[height * width]);
        var scratch = new float[masks.ScratchLength];
        for (int i = 0; i < scores[0].Length; i++)
        {
            token.ThrowIfCancellationRequested();
            masks.Generate(i, scratch, mask);
            TensorPrimitives.Add(total, mask, total);
            for (int t = 0; t < sums.Length; t++)
                TensorPrimitives.MultiplyAdd(mask, scores[t][i], sums[t], sums[t]);
        }
        foreach (float[] sum in sums)
            for (int p = 0; p < sum.Length; p++)
                sum[p] = total[p] > 0 ? sum[p] / total[p] : 0;
        return sums;
    }
}
