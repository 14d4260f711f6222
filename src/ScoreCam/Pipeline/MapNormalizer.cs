using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline;

/// <summary>The end of step 5: a raw map is rectified, brought to the input's resolution and normalised.</summary>
internal sealed class MapNormalizer(MapRule rule, bool signed, int inputHeight, int inputWidth)
{
    /// <summary>The normalised map; <paramref name="isFlat"/> where it is zero everywhere after the ReLU, or equal everywhere.</summary>
    public SaliencyMap Normalize(SaliencyMap raw, out bool isFlat)
    {
        float[] values = raw.Values.ToArray();
        if (!signed)
            TensorPrimitives.Max(values, 0, values);
        isFlat = TensorPrimitives.Max<float>(values) == TensorPrimitives.Min<float>(values);
        float epsilon = rule switch { MapRule.MinMaxUpsampleMinMax => 1e-7f, MapRule.MinMaxOnly => 1e-8f, _ => 0 };
        // Two min–max normalisations may differ from one by their epsilons; dividing by the largest magnitude twice is dividing once.
        if (rule == MapRule.MinMaxUpsampleMinMax && !signed)
            Statistics.NormalizeMinMax(values, epsilon);
        SaliencyMap map = new(raw.Width, raw.Height, values);
        return Stretch(rule == MapRule.MinMaxOnly ? map : map.Resize(inputWidth, inputHeight), epsilon);
    }

    /// <summary>The mean of normalised maps, which need not have one resolution, at the input's; and the same normalised again.</summary>
    public (SaliencyMap Map, SaliencyMap Mean) Mean(IReadOnlyList<SaliencyMap> maps)
    {
        float[] mean = new float[inputHeight * inputWidth];
        foreach (SaliencyMap map in maps)
            TensorPrimitives.MultiplyAdd(map.Resize(inputWidth, inputHeight).Values, 1f / maps.Count, mean, mean);
        SaliencyMap result = new(inputWidth, inputHeight, mean);
        return (Stretch(result, 0), result);
    }

    private SaliencyMap Stretch(SaliencyMap map, float epsilon)
    {
        float[] values = map.Values.ToArray();
        if (signed)
            Statistics.NormalizeSigned(values);
        else
            Statistics.NormalizeMinMax(values, epsilon);
        return new(map.Width, map.Height, values);
    }
}
