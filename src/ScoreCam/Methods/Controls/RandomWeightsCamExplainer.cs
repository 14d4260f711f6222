using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Controls;

/// <summary>
/// A control: a class activation map whose channel weights are drawn from the standard normal distribution. It is as smooth as other maps of the layer and
/// knows nothing of the target. A draw whose map is positive nowhere is negated. It is not min–max normalised but only divided by its maximum, after the ReLU.
/// </summary>
public sealed class RandomWeightsCamExplainer : LayerExplainer
{
    private readonly int _seed;

    /// <summary>"Explains" a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    public RandomWeightsCamExplainer(ImageModel model, RandomWeightsCamOptions? options = null)
        : base(model)
    {
        options ??= new();
        (Layer, _seed) = (LayerOf(model, options.Layer), options.Seed);
    }

    /// <inheritdoc/>
    public override string Name => "Random weights";

    private protected override string Layer { get; }

    private protected override IReadOnlyList<SaliencyMap> RawMaps(MethodRun run)
    {
        var random = new SeededRandom(_seed, Fingerprint(run.Image));
        var weights = new float[run.Maps.Channels];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (float)random.NextNormal();
        float[] sum = run.Maps.WeightedSum(weights);
        // A draw and its negative are equally likely; a map that is positive nowhere would be blank and no control.
        if (TensorPrimitives.Max<float>(sum) <= 0)
            TensorPrimitives.Negate(sum, sum);
        return run.ForAll(new SaliencyMap(run.Maps.Width, run.Maps.Height, sum));
    }

    private protected override SaliencyMap Normalize(SaliencyMap raw, int height, int width, out bool isFlat)
    {
        float[] rectified = raw.Values.ToArray();
        TensorPrimitives.Max(rectified, 0, rectified);
        float[] values = new SaliencyMap(raw.Width, raw.Height, rectified).Resize(width, height).Values.ToArray();
        float max = TensorPrimitives.Max<float>(values);
        isFlat = max == 0;
        if (!isFlat)
            TensorPrimitives.Divide(values, max, values);
        return new(width, height, values);
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
