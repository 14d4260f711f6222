using System.Numerics.Tensors;

namespace ScoreCam.Numerics;

internal static class Statistics
{
    /// <summary>Differences of values up to here, and sums of two differences, do not overflow: they can be interpolated and normalised.</summary>
    public const float LargestUsable = float.MaxValue / 4;

    /// <summary>Below this single precision loses digits: less than four are left of a value that is multiplied once more.</summary>
    public const float SmallestPrecise = 1e-34f;

    /// <summary>The largest |x|; NaN where a value is.</summary>
    public static float LargestMagnitude(ReadOnlySpan<float> values) => MathF.Abs(TensorPrimitives.MaxMagnitude(values));

    /// <summary>Index of the first NaN or infinity; −1 where there is none.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        // A sum of magnitudes is finite only if every value is, unless large ones overflow: then look closely.
        if (values.IsEmpty || float.IsFinite(TensorPrimitives.SumOfMagnitudes(values)))
            return -1;
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }

    /// <summary>x / max |x|, in place: −1…1 with 0 where it was; all zeros where the values are equal. Returns false there.</summary>
    public static bool NormalizeSigned(Span<float> values)
    {
        if (TensorPrimitives.Min<float>(values) == TensorPrimitives.Max<float>(values))
        {
            values.Clear();
            return false;
        }
        TensorPrimitives.Divide(values, Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)), values);
        return true;
    }

    /// <summary>(x − min) / (max − min + epsilon), in place; all zeros where the values are equal. Returns false there.</summary>
    public static bool NormalizeMinMax(Span<float> values, float epsilon = 0)
    {
        float min = TensorPrimitives.Min<float>(values);
        float max = TensorPrimitives.Max<float>(values);
        if (max == min)
        {
            values.Clear();
            return false;
        }
        TensorPrimitives.Subtract(values, min, values);
        TensorPrimitives.Divide(values, max - min + epsilon, values);
        return true;
    }
}
