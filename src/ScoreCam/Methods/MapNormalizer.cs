using System.Numerics.Tensors;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Numerics;

namespace ScoreCam.Methods;

/// <summary>The end of step 5: a raw map is rectified, brought to the input's resolution and normalised.</summary>
internal sealed class MapNormalizer(MapRule rule, bool signed, int inputHeight, int inputWidth)
{
    /// <summary>Refuses a raw map that cannot be normalised.</summary>
    /// <exception cref="ScoreCamException">A value is not finite, or too large to be interpolated.</exception>
    public static void ThrowIfUnusable(SaliencyMap raw, string what)
    {
        float largest = Statistics.LargestMagnitude(raw.Values);
        if (!(largest <= Statistics.LargestUsable))
            throw new ScoreCamException($"{what} contains {largest}, and single precision can work with values up to {Statistics.LargestUsable:g2}. Check the preprocessing, the weights of the model, and what the target returns.");
    }

    /// <summary>The normalised map; <paramref name="isFlat"/> where it is equal everywhere, after the ReLU and at its final size.</summary>
    public SaliencyMap Normalize(SaliencyMap raw, out bool isFlat)
    {
        float[] values = raw.Values.ToArray();
        if (!signed)
            TensorPrimitives.Max(values, 0, values);
        float epsilon = rule switch { MapRule.MinMaxUpsampleMinMax => 1e-7f, MapRule.MinMaxOnly => 1e-8f, _ => 0 };
        // Two min–max normalisations may differ from one by their epsilons; dividing by the largest magnitude twice is dividing once.
        if (rule == MapRule.MinMaxUpsampleMinMax && !signed)
            Statistics.NormalizeMinMax(values, epsilon);
        SaliencyMap map = new(raw.Width, raw.Height, values);
        return Stretch(rule == MapRule.MinMaxOnly ? map : map.Resize(inputWidth, inputHeight), epsilon, out isFlat);
    }

    /// <summary>The mean of normalised maps, which need not have one resolution, at the input's; and the same normalised again.</summary>
    public (SaliencyMap Map, SaliencyMap Mean) Mean(IReadOnlyList<SaliencyMap> maps, out bool isFlat)
    {
        float[] mean = new float[inputHeight * inputWidth];
        foreach (SaliencyMap map in maps)
            TensorPrimitives.MultiplyAdd(map.Resize(inputWidth, inputHeight).Values, 1f / maps.Count, mean, mean);
        SaliencyMap result = new(inputWidth, inputHeight, mean);
        return (Stretch(result, 0, out isFlat), result);
    }

    private SaliencyMap Stretch(SaliencyMap map, float epsilon, out bool isFlat)
    {
        float[] values = map.Values.ToArray();
        isFlat = !(signed ? Statistics.NormalizeSigned(values) : Statistics.NormalizeMinMax(values, epsilon));
        return new(map.Width, map.Height, values);
    }
}
