using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Controls;

/// <summary>How the control with random channel weights is computed.</summary>
public sealed record RandomWeightsCamOptions : LayerOptions
{
    /// <summary>
    /// Seed of the weights. They also depend on the picture, so that a mean over pictures is a mean over draws.
    /// </summary>
    public int Seed { get; init; }
}

/// <summary>
/// A control: a class activation map whose channel weights are drawn from the standard normal distribution. It is as
/// smooth as other maps of the layer and does not depend on the target. A draw whose map is positive nowhere is
/// negated. The map is not min–max normalised but only divided by its maximum, after the ReLU.
/// </summary>
public sealed class RandomWeightsCamExplainer : LayerExplainer
{
    private readonly int _seed;

    /// <summary>"Explains" a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    public RandomWeightsCamExplainer(ImageModel model, RandomWeightsCamOptions? options = null)
        : base(model, options) => _seed = (options ?? new()).Seed;

    /// <inheritdoc/>
    public override string Name => "Random weights";

    private protected override MapRule MapRule => MapRule.UpsampleThenDivide;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        var random = new SeededRandom(_seed, Fingerprint(layer.Image));
        var weights = new float[layer.Activations.Channels];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (float)random.NextNormal();
        RawMap map = layer.WeightedSum(weights);
        // A draw and its negative are equally likely; a map that is positive nowhere would be blank and no control.
        if (TensorPrimitives.Max(map.Map.Values) <= 0)
        {
            TensorPrimitives.Negate(weights, weights);
            map = layer.WeightedSum(weights);
        }
        return layer.ForAllTargets(map);
    }

    /// <summary>FNV-1a of the tensor's bits.</summary>
    private static int Fingerprint(PreparedImage image)
    {
        uint hash = 2166136261;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(image.Tensor))
            hash = (hash ^ bits) * 16777619;
        return (int)hash;
    }
}
