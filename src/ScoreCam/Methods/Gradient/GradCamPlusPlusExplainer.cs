using System.Numerics.Tensors;

namespace ScoreCam.Methods.Gradient;

/// <summary>The published forms of Grad-CAM++. They are different methods and give different maps.</summary>
public enum GradCamPlusPlusPreset
{
    /// <summary>Equation 19 of the paper: a = 1 / (2 + g Σ A) where g is positive.</summary>
    Paper,

    /// <summary>
    /// The authors' code: a = g² / (2 g² + g³ Σ A), divided by its sum over the positions where g is positive.
    /// </summary>
    Authors,

    /// <summary>The package pytorch-grad-cam: a = g² / (2 g² + g³ Σ A + 1e-6) where g is not zero.</summary>
    PytorchGradCam,

    /// <summary>
    /// The package torch-cam, whose division has no effect: a = g². The map keeps the layer's resolution.
    /// </summary>
    TorchCam,
}

/// <summary>Options of Grad-CAM++.</summary>
public sealed record GradCamPlusPlusOptions : LayerOptions
{
    /// <summary>The published form to compute. The default is the paper's.</summary>
    public GradCamPlusPlusPreset Preset { get; init; }
}

/// <summary>
/// Grad-CAM++ (Chattopadhyay et al., "Grad-CAM++: Generalized Gradient-based Visual Explanations for Deep Convolutional
/// Networks", WACV 2018). The weight of a channel is a weighted sum of its positive gradients, w_k = Σ_ij a_k
/// ReLU(g_k), and L = ReLU(Σ w_k A_k). <see cref="GradCamPlusPlusPreset"/> selects the form of a. The factor exp(S) of
/// the paper is the same for every channel and is omitted. It takes one forward pass, and the backward pass after the
/// layer.
/// </summary>
/// <example>
/// <code>
/// GradCamPlusPlusOptions options = new() { Preset = GradCamPlusPlusPreset.Authors };
/// Explanation why = new GradCamPlusPlusExplainer(model, options).Explain(picture);
/// </code>
/// </example>
public sealed class GradCamPlusPlusExplainer : LayerExplainer
{
    private readonly GradCamPlusPlusPreset _preset;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model, or the preset is unknown.</exception>
    public GradCamPlusPlusExplainer(ImageModel model, GradCamPlusPlusOptions? options = null)
        : base(model, options)
    {
        _preset = (options ?? new()).Preset;
        if (!Enum.IsDefined(_preset))
            throw new ArgumentOutOfRangeException(
                nameof(GradCamPlusPlusOptions.Preset),
                _preset,
                $"Expected one of {string.Join(", ", Enum.GetNames<GradCamPlusPlusPreset>())}.");
    }

    /// <inheritdoc/>
    public override string Name => $"Grad-CAM++ ({_preset})";

    private protected override MapRule MapRule => _preset switch
    {
        GradCamPlusPlusPreset.PytorchGradCam => MapRule.MinMaxUpsampleMinMax,
        GradCamPlusPlusPreset.TorchCam => MapRule.MinMaxOnly,
        _ => MapRule.UpsampleThenMinMax,
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer) =>
        layer.ForEachTarget(t => layer.WeightedSum(Weights(_preset, layer.Activations, layer.Gradients[t])));

    /// <summary>w_k, one per channel.</summary>
    internal static float[] Weights(GradCamPlusPlusPreset preset, ActivationMaps activations, ActivationMaps gradients)
    {
        var weights = new float[activations.Channels];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (float)Weight(preset, TensorPrimitives.Sum(activations[k]), gradients[k]);
        return weights;
    }

    private static double Weight(GradCamPlusPlusPreset preset, double sum, ReadOnlySpan<float> gradient)
    {
        // Squares and cubes of small gradients need double precision.
        double weight = 0, positive = 0;
        foreach (float value in gradient)
        {
            double g = value;
            if (g <= 0)
                continue;
            double a = preset switch
            {
                GradCamPlusPlusPreset.Paper => Ratio(1, 2 + (g * sum)),
                GradCamPlusPlusPreset.Authors => Ratio(g * g, (2 * g * g) + (g * g * g * sum)),
                GradCamPlusPlusPreset.PytorchGradCam => g * g / ((2 * g * g) + (g * g * g * sum) + 1e-6),
                _ => g * g,
            };
            positive += a;
            weight += a * g;
        }
        return preset == GradCamPlusPlusPreset.Authors ? Ratio(weight, positive) : weight;
    }

    /// <summary>Divides. A denominator of 0 counts as 1.</summary>
    private static double Ratio(double value, double by) => by == 0 ? value : value / by;
}
