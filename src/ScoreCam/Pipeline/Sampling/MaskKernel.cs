using System.Numerics.Tensors;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// How alike the scores of two masks are expected to be: half a rational quadratic kernel (near masks give near scores), half an arc-cosine kernel of two
/// layers (Cho and Saul 2009; the trend of a ReLU network from the fully masked to the unmasked picture). About 1 on the diagonal.
/// </summary>
internal sealed class MaskKernel
{
    private readonly MaskFeatures _features;
    private readonly float[] _squares;
    private readonly float _distance;
    private readonly float _meanSquare;

    public MaskKernel(MaskFeatures features)
    {
        _features = features;
        _squares = new float[features.Count];
        var mean = new float[features.Length];
        for (int row = 0; row < features.Count; row++)
        {
            _squares[row] = TensorPrimitives.SumOfSquares(features[row]);
            // The two pictures after the channels are no sample of masks.
            if (row < features.Fill)
                TensorPrimitives.MultiplyAdd(features[row], 1f / features.Fill, mean, mean);
        }
        // The mean of x² , and the mean squared distance of two masks.
        _meanSquare = Math.Max(TensorPrimitives.Average<float>(_squares.AsSpan(0, features.Fill)), 1e-12f);
        _distance = Math.Max(2 * (_meanSquare - TensorPrimitives.SumOfSquares<float>(mean)), 1e-6f * _meanSquare);
    }

    /// <summary>Rows, and values per row of the kernel matrix.</summary>
    public int Count => _features.Count;

    /// <summary>One value of the kernel matrix.</summary>
    public float Value(int row, int column) => Combine(TensorPrimitives.Dot(_features[row], _features[column]), _squares[row], _squares[column]);

    /// <summary>One row of the kernel matrix.</summary>
    public void Row(int row, Span<float> destination)
    {
        for (int column = 0; column < destination.Length; column++)
            destination[column] = Value(row, column);
    }

    /// <summary>The diagonal of the kernel matrix.</summary>
    public float[] Diagonal()
    {
        var diagonal = new float[Count];
        for (int row = 0; row < Count; row++)
            diagonal[row] = Combine(_squares[row], _squares[row], _squares[row]);
        return diagonal;
    }

    private float Combine(float dot, float square, float otherSquare)
    {
        float rationalQuadratic = 1 / (1 + (Math.Max(square + otherSquare - (2 * dot), 0) / (2 * _distance)));
        // With a constant appended to both, so that the kernel has a bias and the zero mask a place.
        float norm = MathF.Sqrt(((square / _meanSquare) + 1) * ((otherSquare / _meanSquare) + 1));
        float arcCosine = norm / 2 * ReluLayer(ReluLayer(((dot / _meanSquare) + 1) / norm));
        return 0.5f * (rationalQuadratic + arcCosine);
    }

    /// <summary>The cosine of two vectors after a random layer of ReLUs of infinite width.</summary>
    private static float ReluLayer(float cosine)
    {
        cosine = Math.Clamp(cosine, -1, 1);
        return (MathF.Sqrt(1 - (cosine * cosine)) + ((MathF.PI - MathF.Acos(cosine)) * cosine)) / MathF.PI;
    }
}
