using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// EigenGrad-CAM, as pytorch-grad-cam defines it. The products g ⊙ A form a matrix of positions × channels. Each
/// channel is centred on its mean, and the matrix is projected on its first principal component. The sign is chosen so
/// that the value of largest magnitude is positive. L is the ReLU of the projection. It takes one forward pass, and the
/// backward pass after the layer.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new EigenGradCamExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class EigenGradCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public EigenGradCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "EigenGrad-CAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => Project(layer, layer.Gradients[t]));

    private static RawMap Project(LayerContext layer, ActivationMaps gradients)
    {
        (int channels, int height, int width) = (gradients.Channels, gradients.Height, gradients.Width);
        var products = new float[channels * height * width];
        TensorPrimitives.Multiply(gradients.Values, layer.Activations.Values, products);
        for (int k = 0; k < channels; k++)
        {
            Span<float> product = products.AsSpan(k * height * width, height * width);
            TensorPrimitives.Subtract(product, TensorPrimitives.Sum<float>(product) / product.Length, product);
        }
        var centred = new ActivationMaps(layer.Layer.Name, products, channels, height, width);
        float[] projection = PrincipalMap.Of(centred, layer.CancellationToken);
        if (projection.Length > 0 && TensorPrimitives.MaxMagnitude<float>(projection) < 0)
            TensorPrimitives.Negate(projection, projection);
        return new SaliencyMap(width, height, projection);
    }
}
