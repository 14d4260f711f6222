using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// How alike the scores of two masks are expected to be: half a rational quadratic kernel (near masks give near scores), half an arc-cosine kernel of two
/// layers (Cho and Saul 2009; the trend of a ReLU network from the fully masked to the unmasked picture). About 1 on the diagonal.
/// </summary>
internal sealed class MaskKernel
{
    private readonly MaskFeatures _features;
    private readonly TiledRows _places;
    private readonly float[] _squares;
    private readonly float[] _norms;
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
        // With a constant appended to both, so that the kernel has a bias and the zero mask a place.
        _norms = [.. _squares.Select(square => MathF.Sqrt((square / _meanSquare) + 1))];

        _places = new(features.Count, features.Length);
        var place = new float[features.Count];
        for (int i = 0; i < features.Length; i++)
        {
            for (int row = 0; row < place.Length; row++)
                place[row] = features[row][i];
            _places.Append(place);
        }
    }

    /// <summary>Rows, and values per row of the kernel matrix.</summary>
    public int Count => _features.Count;

    /// <summary>One value of the kernel matrix.</summary>
    public float Value(int row, int column) => Value(TensorPrimitives.Dot(_features[row], _features[column]), row, column);

    /// <summary>Rows of the kernel matrix, one after the other.</summary>
    /// <param name="rows">Which.</param>
    /// <param name="destination">Rows × <paramref name="stride"/>, all zero.</param>
    /// <param name="stride"><see cref="Count"/>, rounded up to a multiple of sixteen.</param>
    public void Rows(ReadOnlySpan<int> rows, Span<float> destination, int stride)
    {
        var features = new float[rows.Length * _features.Length];
        for (int i = 0; i < rows.Length; i++)
            _features[rows[i]].CopyTo(features.AsSpan(i * _features.Length));
        _places.AddCombinations(features, destination);
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> row = destination.Slice(i * stride, Count);
            int column = 0;
            for (; column <= Count - 8; column += 8)
                Combine(Vector256.Create<float>(row[column..]), rows[i], Vector256.Create(_squares, column), Vector256.Create(_norms, column)).CopyTo(row[column..]);
            for (; column < Count; column++)
                row[column] = Value(row[column], rows[i], column);
        }
    }

    /// <summary>The diagonal of the kernel matrix.</summary>
    public float[] Diagonal() => [.. _squares.Select((square, row) => Value(square, row, row))];

    private float Value(float dot, int row, int column) =>
        Combine(Vector256.Create(dot), row, Vector256.Create(_squares[column]), Vector256.Create(_norms[column]))[0];

    /// <summary>Eight columns of a row.</summary>
    private Vector256<float> Combine(Vector256<float> dots, int row, Vector256<float> squares, Vector256<float> norms)
    {
        Vector256<float> distances = Vector256.Max(squares + Vector256.Create(_squares[row]) - (2 * dots), Vector256<float>.Zero);
        Vector256<float> rationalQuadratic = Vector256<float>.One / (Vector256<float>.One + (distances / (2 * _distance)));
        Vector256<float> norm = norms * _norms[row];
        Vector256<float> cosines = ((dots / _meanSquare) + Vector256<float>.One) / norm;
        return 0.5f * (rationalQuadratic + (0.5f * norm * ReluLayer(ReluLayer(cosines))));
    }

    /// <summary>The cosine of two vectors after a random layer of ReLUs of infinite width: (√(1 − c²) + (π − arccos c) c) / π.</summary>
    private static Vector256<float> ReluLayer(Vector256<float> cosine)
    {
        cosine = Vector256.Min(Vector256.Max(cosine, Vector256.Create(-1f)), Vector256<float>.One);
        Vector256<float> size = Vector256.Abs(cosine);
        // arccos x = √(1 − x) · polynomial, to 2e-8 for 0 ≤ x ≤ 1 (Abramowitz and Stegun 4.4.46).
        Vector256<float> polynomial = Vector256.Create(-0.0012624911f);
        foreach (float coefficient in (ReadOnlySpan<float>)[0.0066700901f, -0.0170881256f, 0.0308918810f, -0.0501743046f, 0.0889789874f, -0.2145988016f, 1.5707963050f])
            polynomial = (polynomial * size) + Vector256.Create(coefficient);
        Vector256<float> angle = Vector256.Sqrt(Vector256<float>.One - size) * polynomial;
        // π − arccos c.
        Vector256<float> rest = Vector256.ConditionalSelect(Vector256.LessThan(cosine, Vector256<float>.Zero), angle, Vector256.Create(MathF.PI) - angle);
        return (Vector256.Sqrt(Vector256<float>.One - (size * size)) + (rest * cosine)) / MathF.PI;
    }
}
