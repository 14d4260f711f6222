using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>The average that SmoothGrad computes.</summary>
public enum SmoothGradForm
{
    /// <summary>The mean of the gradients (Smilkov et al.).</summary>
    Mean,

    /// <summary>The mean of the squared gradients.</summary>
    Squared,

    /// <summary>The variance of the gradients (VarGrad; Adebayo et al. 2018).</summary>
    Variance,
}

/// <summary>The method that SmoothGrad smooths.</summary>
public enum SmoothedMethod
{
    /// <summary>The gradient.</summary>
    Gradient,

    /// <summary>Gradient × input, evaluated at the noisy input.</summary>
    GradientTimesInput,

    /// <summary>Guided backpropagation.</summary>
    GuidedBackpropagation,
}

/// <summary>Options of SmoothGrad.</summary>
public sealed record SmoothGradOptions : MethodOptions
{
    /// <summary>The method to smooth. The default is the gradient.</summary>
    public SmoothedMethod Method { get; init; }

    /// <summary>The average to compute. The default is the mean.</summary>
    public SmoothGradForm Form { get; init; }

    /// <summary>The number n of noisy pictures, at least 1. The default is 50.</summary>
    public int Samples { get; init; } = 50;

    /// <summary>
    /// The standard deviation σ of the noise, as a fraction of the value range of the prepared picture (max X − min X);
    /// at least 0. The default is 0.15.
    /// </summary>
    public float Noise { get; init; } = 0.15f;

    /// <summary>The seed of the noise. The same seed gives the same map for any number of workers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// SmoothGrad (Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017): the mean of a method over n noisy
/// copies of the picture, X + N(0, σ²). Each pixel is the largest magnitude over the colour channels. It takes n
/// gradients of the whole network per target.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new SmoothGradExplainer(model, new() { Samples = 25 }).Explain(picture);
/// </code>
/// </example>
public sealed class SmoothGradExplainer : InputExplainer
{
    private readonly SmoothGradOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SmoothGradExplainer(ImageModel model, SmoothGradOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        NoisyPictures.Require(_options.Samples, _options.Noise);
        if (!Enum.IsDefined(_options.Method))
            throw new ArgumentOutOfRangeException(
                nameof(SmoothGradOptions.Method),
                _options.Method,
                $"Expected one of {string.Join(", ", Enum.GetNames<SmoothedMethod>())}.");
        if (!Enum.IsDefined(_options.Form))
            throw new ArgumentOutOfRangeException(
                nameof(SmoothGradOptions.Form),
                _options.Form,
                $"Expected one of {string.Join(", ", Enum.GetNames<SmoothGradForm>())}.");
    }

    /// <inheritdoc/>
    public override string Name => _options.Form switch
    {
        SmoothGradForm.Squared => "SmoothGrad squared",
        SmoothGradForm.Variance => "VarGrad",
        _ => "SmoothGrad",
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        var noisy = new NoisyPictures(picture.Image, _options.Samples, _options.Noise, _options.Seed);
        float[][] values = Average(picture, noisy, _options);
        return picture.ForEachTarget(t => picture.LargestOverColors(values[t]));
    }

    /// <summary>Returns the average for each target, channels × height × width.</summary>
    internal static float[][] Average(InputContext picture, NoisyPictures noisy, SmoothGradOptions options)
    {
        int length = picture.Image.Tensor.Length;
        float[][] means = [.. picture.Targets.Select(_ => new float[length])];
        float[][] squares = options.Form == SmoothGradForm.Mean ? []
            : [.. picture.Targets.Select(_ => new float[length])];
        float[] input = new float[length], product = new float[length];
        float share = 1f / noisy.Count;
        bool isGuided = options.Method == SmoothedMethod.GuidedBackpropagation;
        picture.Gradients(noisy.Count, noisy.Write, Add, isGuided);
        if (options.Form == SmoothGradForm.Mean)
            return means;
        for (int t = 0; t < squares.Length && options.Form == SmoothGradForm.Variance; t++)
        {
            TensorPrimitives.Multiply(means[t], means[t], product);
            TensorPrimitives.Subtract(squares[t], product, squares[t]);
        }
        return squares;

        void Add(int index, int target, float score, ReadOnlySpan<float> gradient)
        {
            ReadOnlySpan<float> values = gradient;
            if (options.Method == SmoothedMethod.GradientTimesInput)
            {
                noisy.Write(index, input);
                TensorPrimitives.Multiply(gradient, input, product);
                values = product;
            }
            TensorPrimitives.MultiplyAdd(values, share, means[target], means[target]);
            if (squares.Length == 0)
                return;
            TensorPrimitives.Multiply(values, values, product);
            TensorPrimitives.MultiplyAdd(product, share, squares[target], squares[target]);
        }
    }
}
