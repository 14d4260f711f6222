using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Gradient;

/// <summary>The points on the path at which Integrated Gradients evaluates the gradient.</summary>
public enum PathRule
{
    /// <summary>Gauss–Legendre nodes and weights, which are exact for polynomials up to degree 2n − 1.</summary>
    GaussLegendre,

    /// <summary>The midpoints of n equal intervals.</summary>
    Midpoint,
}

/// <summary>Options of Integrated Gradients.</summary>
public sealed record IntegratedGradientsOptions : MethodOptions
{
    /// <summary>The number n of gradients on the path, 1 to 10,000. The default is 32.</summary>
    public int Steps { get; init; } = 32;

    /// <summary>The points on the path. The default is Gauss–Legendre.</summary>
    public PathRule Rule { get; init; }

    /// <summary>
    /// The pictures X' at which the path starts: zero, a colour, or the blurred picture. With several baselines, the
    /// result is the mean of their maps. The default is zero in the network's input.
    /// </summary>
    public IReadOnlyList<MaskFill> Baselines { get; init; } = [MaskFill.Zero];
}

/// <summary>
/// Integrated Gradients (Sundararajan et al., "Axiomatic Attribution for Deep Networks", ICML 2017): (X − X') ⊙ Σ_i w_i
/// g(X' + t_i (X − X')), summed over the colour channels. The values of all pixels sum to S(X) − S(X').
/// <see cref="Explanation.CompletenessError"/> reports how far the sum is off, and an error of more than 5 % adds a
/// warning. Negative values speak against the target. It takes n gradients of the whole network per target and
/// baseline.
/// </summary>
/// <example>
/// <code>
/// Explanation why = new IntegratedGradientsExplainer(model, new() { Steps = 64 }).Explain(picture);
/// Console.WriteLine($"{why.CompletenessError:P1}");
/// </code>
/// </example>
public sealed class IntegratedGradientsExplainer : InputExplainer
{
    private readonly IntegratedGradientsOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public IntegratedGradientsExplainer(ImageModel model, IntegratedGradientsOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Steps, 1, nameof(IntegratedGradientsOptions.Steps));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Steps, 10_000,
            nameof(IntegratedGradientsOptions.Steps));
        if (!Enum.IsDefined(_options.Rule))
            throw new ArgumentOutOfRangeException(
                nameof(IntegratedGradientsOptions.Rule), _options.Rule, "Expected GaussLegendre or Midpoint.");
        ArgumentNullException.ThrowIfNull(_options.Baselines);
        if (_options.Baselines.Count == 0 || _options.Baselines.Contains(null!))
            throw new ArgumentException("Give at least one baseline, for example MaskFill.Zero, and no null.",
                nameof(options));
    }

    /// <inheritdoc/>
    public override string Name => "Integrated Gradients";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        float[][] sums = [.. picture.Targets.Select(_ => new float[picture.Image.Tensor.Length])];
        var errors = new float[sums.Length];
        foreach (MaskFill fill in _options.Baselines)
        {
            float[] baseline = fill.Values(picture.Image, Model.Preprocessing)
                ?? new float[picture.Image.Tensor.Length];
            float[][] values = Integrate(picture, baseline, _options);
            float[] differences = Differences(picture, baseline);
            for (int t = 0; t < sums.Length; t++)
            {
                TensorPrimitives.Add(sums[t], values[t], sums[t]);
                float error = Completeness.Error(Completeness.Sum(values[t]), differences[t]);
                errors[t] = Math.Max(errors[t], error);
            }
        }
        foreach (float[] sum in sums)
            TensorPrimitives.Divide(sum, _options.Baselines.Count, sum);
        return picture.ForEachTarget(t => new RawMap(picture.SumOverColors(sums[t]))
        {
            CompletenessError = errors[t],
            Warnings = errors[t] > Completeness.LargestUsualError ? [Incomplete(errors[t])] : [],
        });
    }

    /// <summary>Returns the values for each target, channels × height × width, signed.</summary>
    internal static float[][] Integrate(InputContext picture, float[] baseline, IntegratedGradientsOptions options)
    {
        (double[] nodes, double[] weights) = options.Rule == PathRule.Midpoint
            ? Quadrature.Midpoint(options.Steps)
            : Quadrature.GaussLegendre(options.Steps);
        float[] path = picture.Image.Tensor.ToArray();
        TensorPrimitives.Subtract(path, baseline, path);
        float[][] sums = [.. picture.Targets.Select(_ => new float[path.Length])];
        picture.Gradients(
            options.Steps,
            (i, point) => TensorPrimitives.MultiplyAdd(path, (float)nodes[i], baseline, point),
            (i, t, _, gradient) => TensorPrimitives.MultiplyAdd(gradient, (float)weights[i], sums[t], sums[t]));
        foreach (float[] sum in sums)
            TensorPrimitives.Multiply(sum, path, sum);
        return sums;
    }

    /// <summary>Returns S(X) − S(X') for each target.</summary>
    private static float[] Differences(InputContext picture, float[] baseline)
    {
        float[] whole = picture.WholePicture(ScoredValue.Logit), empty = picture.ScoreAt(baseline);
        TensorPrimitives.Subtract(whole, empty, whole);
        return whole;
    }

    private string Incomplete(float error) =>
        $"The values miss the difference of the scores of picture and baseline by {error:P0}: the path has too few "
        + $"steps. Increase {nameof(IntegratedGradientsOptions)}.{nameof(IntegratedGradientsOptions.Steps)}, now "
        + $"{_options.Steps}.";
}
