using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods;

/// <summary>How a rectified raw map is normalised.</summary>
internal enum MapRule
{
    /// <summary>Upsample to the input's resolution, then min–max.</summary>
    UpsampleThenMinMax,

    /// <summary>
    /// Min–max with ε 1e-7, upsample to the input's resolution, min–max with ε 1e-7 again (pytorch-grad-cam).
    /// </summary>
    MinMaxUpsampleMinMax,

    /// <summary>Min–max with ε 1e-8, at the layer's resolution (torch-cam).</summary>
    MinMaxOnly,

    /// <summary>Upsample to the input's resolution, then divide by the largest value. For controls.</summary>
    UpsampleThenDivide,

    /// <summary>
    /// Upsample to the input's resolution, then divide by the 99th percentile of the magnitudes. Larger values become 1
    /// or −1.
    /// </summary>
    DivideByPercentile,

    /// <summary>Upsample to the input's resolution without normalising. For controls.</summary>
    UpsampleOnly,
}

/// <summary>
/// Rectifies raw maps, resizes them to the input's resolution and normalises them. Also combines normalised maps.
/// </summary>
internal sealed class MapNormalizer(
    MapRule rule, bool signed, int inputHeight, int inputWidth, bool rectifies = true)
{
    public bool IsSigned => signed;

    /// <summary>Whether a ReLU sets negative values to zero.</summary>
    public bool ClearsNegatives => rectifies && !signed;

    private float Epsilon => rule switch
    {
        MapRule.MinMaxUpsampleMinMax => 1e-7f,
        MapRule.MinMaxOnly => 1e-8f,
        _ => 0,
    };

    /// <summary>Rejects a raw map that cannot be normalised.</summary>
    /// <exception cref="ScoreCamException">A value is not finite, or too large to be interpolated.</exception>
    public static void ThrowIfUnusable(SaliencyMap raw, string what)
    {
        float largest = Statistics.LargestMagnitude(raw.Values);
        if (!(largest <= Statistics.LargestUsable))
            throw new ScoreCamException(
                $"{what} contains {largest}, and single precision can work with values up to "
                + $"{Statistics.LargestUsable:g2}. Check the preprocessing, the weights of the model, and what the "
                + "target returns.");
    }

    /// <summary>
    /// Normalises a raw map. <paramref name="isFlat"/> is true if the map is constant after the ReLU and at its final
    /// size.
    /// </summary>
    public SaliencyMap Normalize(SaliencyMap raw, out bool isFlat)
    {
        float[] values = raw.Values.ToArray();
        if (ClearsNegatives)
            TensorPrimitives.Max(values, 0, values);
        else if (!signed)
            // Interpolation works with differences, so it is exact where the smallest value is 0.
            TensorPrimitives.Subtract(values, TensorPrimitives.Min<float>(values), values);
        // Because of ε, min–max twice differs from min–max once. Dividing by the largest magnitude twice does not.
        if (rule == MapRule.MinMaxUpsampleMinMax && !signed)
            Statistics.NormalizeMinMax(values, Epsilon);
        SaliencyMap map = new(raw.Width, raw.Height, values);
        return Stretch(rule == MapRule.MinMaxOnly ? map : map.Resize(inputWidth, inputHeight), Epsilon, out isFlat);
    }

    /// <summary>
    /// Combines normalised maps of any resolution at the input's resolution. Returns the combination, and the
    /// combination normalised again.
    /// </summary>
    public (SaliencyMap Map, SaliencyMap Combined) Combine(
        IReadOnlyList<SaliencyMap> maps, LayerCombination combination, out bool isFlat)
    {
        float[] sum = new float[inputHeight * inputWidth];
        if (combination == LayerCombination.Product)
            Array.Fill(sum, 1);
        foreach (SaliencyMap map in maps)
        {
            ReadOnlySpan<float> values = map.Resize(inputWidth, inputHeight).Values;
            switch (combination)
            {
                case LayerCombination.Mean:
                    TensorPrimitives.MultiplyAdd(values, 1f / maps.Count, sum, sum);
                    break;
                case LayerCombination.Maximum:
                    TensorPrimitives.MaxMagnitude(values, sum, sum);
                    break;
                default:
                    TensorPrimitives.Multiply(values, sum, sum);
                    break;
            }
        }
        SaliencyMap combined = new(inputWidth, inputHeight, sum);
        return (Stretch(combined, 0, out isFlat), combined);
    }

    /// <summary>Returns false, and sets all values to zero, if all values are 0.</summary>
    private static bool DivideByPercentile(float[] values)
    {
        float[] magnitudes = Array.ConvertAll(values, MathF.Abs);
        Array.Sort(magnitudes);
        float unit = magnitudes[(int)(0.99 * (magnitudes.Length - 1))];
        // If less than a hundredth of the values differ from 0, the largest value becomes 1.
        unit = unit > 0 ? unit : magnitudes[^1];
        if (unit == 0)
            return false;
        TensorPrimitives.Divide(values, unit, values);
        TensorPrimitives.Clamp(values, -1, 1, values);
        return true;
    }

    private SaliencyMap Stretch(SaliencyMap map, float epsilon, out bool isFlat)
    {
        float[] values = map.Values.ToArray();
        isFlat = rule switch
        {
            MapRule.UpsampleOnly => false,
            MapRule.DivideByPercentile => !DivideByPercentile(values),
            MapRule.UpsampleThenDivide => TensorPrimitives.MaxMagnitude<float>(values) == 0,
            _ when signed => !Statistics.NormalizeSigned(values),
            _ => !Statistics.NormalizeMinMax(values, epsilon),
        };
        if (rule == MapRule.UpsampleThenDivide && !isFlat)
            TensorPrimitives.Divide(values, Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)), values);
        return new(map.Width, map.Height, values);
    }
}
