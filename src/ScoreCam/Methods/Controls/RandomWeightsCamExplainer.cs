using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Controls;

/// <summary>Options of the control with random channel weights.</summary>
public sealed record RandomWeightsCamOptions : LayerOptions
{
    /// <summary>
    /// The seed of the weights. The weights also depend on the picture, so that a mean over pictures is a mean over
    /// independent draws. The default is 0.
    /// </summary>
    public int Seed { get; init; }
}

/// <summary>
/// A control: a class activation map whose channel weights are drawn from the standard normal distribution. It is as
/// smooth as other maps of the layer and does not depend on the target. If a map has no positive value, its weights are
/// negated. After the ReLU, the map is divided by its maximum and is not min–max normalised.
/// </summary>
public sealed class RandomWeightsCamExplainer : LayerExplainer
{
    private readonly int _seed;

    /// <summary>Creates the control for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
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
        // A draw and its negative are equally likely. A map without positive values would be blank and useless as a
        // control.
        if (TensorPrimitives.Max(map.Map.Values) <= 0)
        {
            TensorPrimitives.Negate(weights, weights);
            map = layer.WeightedSum(weights);
        }
        return layer.ForAllTargets(map);
    }

    /// <summary>The FNV-1a hash of the tensor's bits.</summary>
    private static int Fingerprint(PreparedImage image)
    {
        uint hash = 2166136261;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(image.Tensor))
            hash = (hash ^ bits) * 16777619;
        return (int)hash;
    }
}
