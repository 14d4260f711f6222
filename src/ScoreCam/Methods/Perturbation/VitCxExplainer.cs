using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

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
        : base(model)
    {
        _options = options ?? new();
        if (_options.ClusterDistance is not (>= 0 and <= 2))
            throw new ArgumentOutOfRangeException(
                nameof(VitCxOptions.ClusterDistance), _options.ClusterDistance, "Expected a number from 0 to 2.");
        if (!(_options.NoiseDeviation >= 0 && double.IsFinite(_options.NoiseDeviation)))
            throw new ArgumentOutOfRangeException(
                nameof(VitCxOptions.NoiseDeviation), _options.NoiseDeviation, "Expected a finite number from 0 on.");
        Layer = LayerOf(model, _options.Layer);
    }

    /// <inheritdoc/>
    public override string Name => "ViT-CX";

    private protected override string Layer { get; }

    private protected override bool Rectifies => false;

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        (int height, int width) = (run.Input.Height, run.Input.Width);
        CancellationToken token = run.Run.CancellationToken;
        int[][] clusters = MaskClusters.Find(run.Maps, height, width, _options.ClusterDistance, token);
        if (clusters.Length == 0)
            return run.ForAll(new SaliencyMap(width, height, new float[height * width]));
        ActivationMaps merged = MaskClusters.Merge(run.Maps, clusters, height, width);
        var masks = new MaskGenerator(merged, MaskRule.UpsampleThenMinMax, height, width);
        float[][] scores = CausalScores(run, masks, clusters.Length);
        float[][] maps = MaskAverages(masks, scores, height, width, token);
        return [.. maps.Select(map => new SaliencyMap(width, height, map))];
    }

    /// <summary>One row per target, one score per mask.</summary>
    private float[][] CausalScores(MethodRun run, MaskGenerator masks, int count)
    {
        // Pictures 0…count − 1 are masked and noisy, the next ones only noisy, and the last is the picture itself.
        var scorer = new TargetScorer(
            Model.Network.Pool, run.Input.Height, run.Input.Width, run.Head, run.Targets, probabilities: true);
        float[][] probabilities = scorer.Score((2 * count) + 1, (i, picture, buffer) =>
        {
            if (i == 2 * count)
            {
                run.Input.Write(picture);
                return;
            }
            masks.Generate(i % count, buffer.ScratchOf(masks.ScratchLength), buffer.Mask);
            if (i < count)
                run.Input.WriteMasked(buffer.Mask, picture);
            else
                run.Input.Write(picture);
            var random = new SeededRandom(_options.Seed, i % count);
            run.Input.AddNoise(buffer.Mask, random, _options.NoiseDeviation, picture);
        }, run.Run);
        return Array.ConvertAll(
            probabilities, p => Enumerable.Range(0, count).Select(i => p[i] - p[count + i] + p[^1]).ToArray());
    }

    /// <summary>
    /// Σ score · M / Σ M for each row of scores. The masks are computed a second time rather than kept.
    /// </summary>
    private static float[][] MaskAverages(
        MaskGenerator masks, float[][] scores, int height, int width, CancellationToken token)
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
