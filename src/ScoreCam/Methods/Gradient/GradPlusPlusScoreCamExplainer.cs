using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Gradient;

/// <summary>Options of Grad++ScoreCAM.</summary>
public sealed record GradPlusPlusScoreCamOptions : LayerOptions
{
    /// <summary>The value of masked-out pixels. The default is zero in the network's input.</summary>
    public MaskFill MaskFill { get; init; } = MaskFill.Zero;
}

/// <summary>
/// Grad++ScoreCAM, in <b>our interpretation</b>, because only the abstract of the paper is public (Soomro et al.,
/// "Grad++ScoreCAM: Enhancing Visual Explanations of Deep Convolutional Networks Using Incremented Gradient and
/// Score-Weighted Methods", IEEE Access 2024). G is the normalised map of Grad-CAM++ at the input's size. The masks of
/// Score-CAM are multiplied by G. A softmax turns the scores of the masked pictures into the weights α_k, and L =
/// ReLU(Up(Σ α_k A_k) ⊙ G). It takes one forward pass per live channel and target, and one gradient of the network
/// after the layer per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GradPlusPlusScoreCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class GradPlusPlusScoreCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public GradPlusPlusScoreCamExplainer(ImageModel model, GradPlusPlusScoreCamOptions? options = null)
        : base(model, options)
    {
        MaskFill = (options ?? new()).MaskFill;
        ArgumentNullException.ThrowIfNull(MaskFill);
    }

    /// <inheritdoc/>
    public override string Name => "Grad++ScoreCAM (our interpretation)";

    /// <inheritdoc/>
    protected override MaskFill MaskFill { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) => layer.ForEachTarget(t => Explain(layer, t));

    private static RawMap Explain(LayerContext layer, int target)
    {
        ActivationMaps activations = layer.Activations;
        float[] guide = Guide(layer, target);
        var masks = new Masks(activations, MaskRule.UpsampleThenMinMax, layer.Height, layer.Width);
        int[] live = [.. Enumerable.Range(0, activations.Channels).Where(k => !activations.IsDead(k))];

        // All dead channels share the last masked picture, which is entirely masked out.
        float[] scores = layer.ScoreMasks(live.Length + 1, WriteMask, ScoredValue.Logit)[target];
        var channelScores = new float[activations.Channels];
        Array.Fill(channelScores, scores[^1]);
        for (int i = 0; i < live.Length; i++)
            channelScores[live[i]] = scores[i];
        var weights = new float[channelScores.Length];
        Softmax.Compute(channelScores, weights);

        var coarse = new SaliencyMap(activations.Width, activations.Height, activations.WeightedSum(weights));
        float[] fine = coarse.Resize(layer.Width, layer.Height).Values.ToArray();
        TensorPrimitives.Multiply(fine, guide, fine);
        return new(new SaliencyMap(layer.Width, layer.Height, fine))
        {
            ChannelScores = channelScores,
            ChannelWeights = weights,
        };

        void WriteMask(int i, Span<float> mask)
        {
            if (i == live.Length)
                return;
            masks.Generate(live[i], new float[masks.ScratchLength], mask);
            TensorPrimitives.Multiply(mask, guide, mask);
        }
    }

    /// <summary>G: the rectified Grad-CAM++ map at the input's size, 0…1.</summary>
    private static float[] Guide(LayerContext layer, int target)
    {
        ActivationMaps activations = layer.Activations;
        float[] weights =
            GradCamPlusPlusExplainer.Weights(GradCamPlusPlusPreset.Paper, activations, layer.Gradients[target]);
        float[] sum = activations.WeightedSum(weights);
        TensorPrimitives.Max(sum, 0, sum);
        var coarse = new SaliencyMap(activations.Width, activations.Height, sum);
        float[] guide = coarse.Resize(layer.Width, layer.Height).Values.ToArray();
        Statistics.NormalizeMinMax(guide);
        return guide;
    }
}
