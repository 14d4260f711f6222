using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// Guided Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
/// Localization", ICCV 2017): the product of guided backpropagation and the upsampled Grad-CAM map, Up(ReLU(Σ w_k A_k))
/// ⊙ guided. Each pixel is the largest magnitude over the colour channels. It takes one gradient of the network after
/// the layer and one gradient of the whole network per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new GuidedGradCamExplainer(model).Explain(picture);
/// </code>
/// </example>
/// <remarks>A network without Relu is rejected, as in guided backpropagation.</remarks>
public sealed class GuidedGradCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public GuidedGradCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Guided Grad-CAM";

    private protected override MapRule MapRule => MapRule.DivideByPercentile;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        var picture = new InputContext(layer);
        float[][] products = Products(layer, picture);
        return layer.ForEachTarget(t => picture.LargestOverColors(products[t]));
    }

    /// <summary>Returns the products for each target, channels × height × width, signed.</summary>
    internal static float[][] Products(LayerContext layer, InputContext picture)
    {
        float[][] guided = picture.Gradients(isGuided: true);
        for (int t = 0; t < guided.Length; t++)
        {
            float[] map = layer.Activations.WeightedSum(layer.Gradients[t].Means());
            TensorPrimitives.Max(map, 0, map);
            var coarse = new SaliencyMap(layer.Activations.Width, layer.Activations.Height, map);
            ReadOnlySpan<float> fine = coarse.Resize(layer.Width, layer.Height).Values;
            for (int start = 0; start < guided[t].Length; start += fine.Length)
            {
                Span<float> color = guided[t].AsSpan(start, fine.Length);
                TensorPrimitives.Multiply(color, fine, color);
            }
        }
        return guided;
    }
}
