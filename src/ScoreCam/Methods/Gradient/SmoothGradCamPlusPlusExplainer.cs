using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>How Smooth Grad-CAM++ is computed.</summary>
public sealed record SmoothGradCamPlusPlusOptions : LayerOptions
{
    /// <summary>Noisy pictures n, at least 1. Default: 25.</summary>
    public int Samples { get; init; } = 25;

    /// <summary>
    /// Standard deviation of the noise as a part of the range of the prepared picture; at least 0. Default: 0.15.
    /// </summary>
    public float Noise { get; init; } = 0.15f;

    /// <summary>Seed of the noise. The same seed gives the same map, whatever the number of workers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// Smooth Grad-CAM++ (Omeiza et al., "Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep
/// Convolutional Neural Network Models", 2019). The gradient g, its square and its cube are means over n noisy copies
/// of the picture; then a = g² / (2 g² + g³ Σ A), w_k = Σ_ij a ReLU(g) and L = ReLU(Σ w_k A_k), with the activations of
/// the picture itself. n forward passes and n gradients of the network after the layer for each target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new SmoothGradCamPlusPlusExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class SmoothGradCamPlusPlusExplainer : LayerExplainer
{
    private readonly SmoothGradCamPlusPlusOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer, or an option is out of its range.</exception>
    public SmoothGradCamPlusPlusExplainer(ImageModel model, SmoothGradCamPlusPlusOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        NoisyPictures.Require(_options.Samples, _options.Noise);
    }

    /// <inheritdoc/>
    public override string Name => "Smooth Grad-CAM++";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        var noisy = new NoisyPictures(layer.Image, _options.Samples, _options.Noise, _options.Seed);
        Moments[] moments = [.. layer.Targets.Select(_ => new Moments(layer.Activations.Values.Length))];
        for (int i = 0; i < noisy.Count; i++)
        {
            var copy = new float[layer.Image.Tensor.Length];
            noisy.Write(i, copy);
            IReadOnlyList<ActivationMaps> gradients = layer.GradientsAt(copy);
            for (int t = 0; t < moments.Length; t++)
                moments[t].Add(gradients[t].Values);
        }
        return layer.ForEachTarget(t => layer.WeightedSum(moments[t].Weights(layer.Activations)));
    }

    /// <summary>
    /// Sums of the powers of gradients, in double precision: cubes of small gradients are very small.
    /// </summary>
    private sealed class Moments(int length)
    {
        private readonly double[] _first = new double[length], _second = new double[length],
            _third = new double[length];
        private int _count;

        public void Add(ReadOnlySpan<float> gradients)
        {
            _count++;
            for (int i = 0; i < gradients.Length; i++)
            {
                double g = gradients[i], square = g * g;
                _first[i] += g;
                _second[i] += square;
                _third[i] += square * g;
            }
        }

        public float[] Weights(ActivationMaps activations)
        {
            var weights = new float[activations.Channels];
            int places = activations.Height * activations.Width;
            for (int k = 0; k < weights.Length; k++)
            {
                double sum = TensorPrimitives.Sum(activations[k]), weight = 0;
                for (int i = k * places; i < (k + 1) * places; i++)
                {
                    double denominator = (2 * _second[i]) + (_third[i] * sum);
                    if (_first[i] > 0 && denominator != 0)
                        weight += _second[i] / denominator * _first[i] / _count;
                }
                weights[k] = (float)weight;
            }
            return weights;
        }
    }
}
