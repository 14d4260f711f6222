using System.Numerics.Tensors;

namespace ScoreCam.Numerics;

/// <summary>The softmax function.</summary>
internal static class Softmax
{
    /// <summary>
    /// exp(x − max) / Σ exp(x − max). The maximum is subtracted so that nothing overflows. Both arguments may be the
    /// same span.
    /// </summary>
    public static void Compute(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), destination);
        TensorPrimitives.Exp(destination, destination);
        TensorPrimitives.Divide(destination, TensorPrimitives.Sum<float>(destination), destination);
    }
}
