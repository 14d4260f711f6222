using System.Numerics.Tensors;

namespace ScoreCam.Numerics;

internal static class Softmax
{
    /// <summary>exp(x − max) / Σ exp(x − max); the maximum is subtracted so that nothing overflows. Both may be the same span.</summary>
    public static void Compute(ReadOnlySpan<float> x, Span<float> destination)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), destination);
        TensorPrimitives.Exp(destination, destination);
        TensorPrimitives.Divide(destination, TensorPrimitives.Sum<float>(destination), destination);
    }
}
