using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>How ViT-CX is computed.</summary>
public sealed record VitCxOptions : LayerOptions
{
    /// <summary>
    /// Masks whose cosine distance is below this share a cluster, 0…2. Default: 0.1, as in the paper.
    /// </summary>
    public double ClusterDistance { get; init; } = 0.1;

    /// <summary>
    /// Standard deviation of the noise that fills the hidden part, in units of the prepared picture. Default: 0.1, as
    /// in the paper.
    /// </summary>
    public double NoiseDeviation { get; init; } = 0.1;

    /// <summary>Fixes the noise. Default: 0.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// ViT-CX (Xie et al., "ViT-CX: Causal Explanation of Vision Transformers", IJCAI 2023). The activation maps become
/// masks as in Score-CAM. Similar masks are merged into clusters, which leaves tens of them. The score of a mask M is
/// its effect on the probability p of the target, p(X ⊙ M + n ⊙ (1 − M)) − p(X + n ⊙ (1 − M)) + p(X), with noise n. The
/// map is Σ score · M / Σ M.
/// </summary>
/// <remarks>
/// The second term takes away the effect of the noise itself. Each cluster costs two passes. The method works on any
/// layer. It is made for the tokens of a transformer, whose many channels repeat few patterns.
/// </remarks>
public sealed class VitCxExplainer : LayerExplainer
{
    private readonly VitCxOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer, or an option is out of its range.</exception>
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

    /// <summary>False: the scores are effects on a probability, which may be negative.</summary>
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

    /// <summary>One row per target, one score per mask.</summary>
    private float[][] CausalScores(LayerContext layer, Masks masks, int count)
    {
        // Pictures 0…count − 1 are masked and noisy, the next ones only noisy, and the last is the picture itself.
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
    /// Σ score · M / Σ M for each row of scores. The masks are computed a second time rather than kept.
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
