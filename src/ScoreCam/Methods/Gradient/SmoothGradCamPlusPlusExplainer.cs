using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>Options of Smooth Grad-CAM++.</summary>
public sealed record SmoothGradCamPlusPlusOptions : LayerOptions
{
    /// <summary>The number n of noisy pictures, at least 1. The default is 25.</summary>
    public int Samples { get; init; } = 25;

    /// <summary>
    /// The standard deviation of the noise, as a fraction of the value range of the prepared picture (max X − min X);
    /// at least 0. The default is 0.15.
    /// </summary>
    public float Noise { get; init; } = 0.15f;

    /// <summary>The seed of the noise. The same seed gives the same map for any number of workers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// Smooth Grad-CAM++ (Omeiza et al., "Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep
/// Convolutional Neural Network Models", 2019). The gradient g, its square and its cube are averaged over n noisy
/// copies of the picture. Then a = g² / (2 g² + g³ Σ A), w_k = Σ_ij a ReLU(g) and L = ReLU(Σ w_k A_k), with the
/// activations of the picture without noise. It takes n forward passes, and n gradients of the network after the layer
/// per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new SmoothGradCamPlusPlusExplainer(model).Explain(picture);
/// </code>
/// </example>
public sealed class SmoothGradCamPlusPlusExplainer : LayerExplainer
{
    private readonly SmoothGradCamPlusPlusOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">
    /// A requested layer is not in the model, or an option is out of range.
    /// </exception>
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
    /// Sums of the powers of gradients. They use double precision, because cubes of small gradients are very small.
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
            int positions = activations.Height * activations.Width;
            for (int k = 0; k < weights.Length; k++)
            {
                double sum = TensorPrimitives.Sum(activations[k]), weight = 0;
                for (int i = k * positions; i < (k + 1) * positions; i++)
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
