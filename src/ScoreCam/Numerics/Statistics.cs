using System.Numerics.Tensors;

namespace ScoreCam.Numerics;

/// <summary>Checks and normalisation of values.</summary>
internal static class Statistics
{
    /// <summary>
    /// Values up to this magnitude can be interpolated and normalised: neither a difference nor a sum of two
    /// differences overflows.
    /// </summary>
    public const float LargestUsable = float.MaxValue / 4;

    /// <summary>
    /// Values below this magnitude lose digits in single precision: after one more multiplication fewer than four
    /// digits are left.
    /// </summary>
    public const float SmallestPrecise = 1e-34f;

    /// <summary>The largest |x|; NaN if any value is NaN.</summary>
    public static float LargestMagnitude(ReadOnlySpan<float> values) =>
        MathF.Abs(TensorPrimitives.MaxMagnitude(values));

    /// <summary>The index of the first NaN or infinity; −1 if there is none.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        // A finite sum means that every value is finite. An infinite sum may also be an overflow of finite values.
        if (values.IsEmpty || float.IsFinite(TensorPrimitives.SumOfMagnitudes(values)))
            return -1;
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }

    /// <summary>
    /// Divides by max |x|, in place, so that the values are −1…1. Sets all values to zero and returns false if they
    /// are equal.
    /// </summary>
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

    /// <summary>
    /// Computes (x − min) / (max − min + epsilon), in place. Sets all values to zero and returns false if they are
    /// equal.
    /// </summary>
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
