using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The expected covariance of the scores of two masks. One half is a rational quadratic kernel: similar masks have
/// similar scores. The other half is a two-layer arc-cosine kernel (Cho and Saul 2009) on the content that the masks
/// show, independent of its position. It models the trend of a ReLU network from the baseline to the unmasked picture.
/// The diagonal is about 1.
/// </summary>
internal sealed class MaskKernel
{
    private readonly MaskFeatures _features;
    private readonly TiledRows _positions;
    private readonly float[] _squares;
    private readonly float[] _norms;
    private readonly float _distance;
    private readonly float _meanSeen;

    private static ReadOnlySpan<float> ArcCosine =>
        [0.0066700901f, -0.0170881256f, 0.0308918810f, -0.0501743046f, 0.0889789874f, -0.2145988016f, 1.5707963050f];

    public MaskKernel(MaskFeatures features)
    {
        _features = features;
        var (seen, mean) = (new float[features.Count], new float[features.Length]);
        _squares = new float[features.Count];
        for (int row = 0; row < features.Count; row++)
        {
            _squares[row] = TensorPrimitives.SumOfSquares(features[row]);
            seen[row] = Math.Max(TensorPrimitives.Dot(features.Seen(row), features[row]), 0);
            // The unmasked picture is not a mask, so it is excluded from the mean.
            if (row < features.Whole)
                TensorPrimitives.MultiplyAdd(features[row], 1f / features.Whole, mean, mean);
        }
        // The mean squared distance of two masks. It has a lower bound, because rounding would make the kernel
        // indefinite for masks that are nearly equal.
        float meanSquare = Mean(_squares);
        _distance = Math.Max(2 * (meanSquare - TensorPrimitives.SumOfSquares<float>(mean)), 1e-3f * meanSquare);
        // A constant feature is appended. It gives the kernel a bias, and the zero mask a direction.
        _meanSeen = Mean(seen);
        _norms = [.. seen.Select(square => MathF.Sqrt((square / _meanSeen) + 1))];

        float Mean(float[] squares) =>
            Math.Max(TensorPrimitives.Average<float>(squares.AsSpan(0, features.Whole)), 1e-12f);

        _positions = new(features.Count, features.Length);
        var position = new float[features.Count];
        for (int i = 0; i < features.Length; i++)
        {
            for (int row = 0; row < position.Length; row++)
                position[row] = features[row][i];
            _positions.Append(position);
        }
    }

    /// <summary>The number of rows, and of values per row, of the kernel matrix.</summary>
    public int Count => _features.Count;

    /// <summary>Returns one value of the kernel matrix.</summary>
    public float Value(int row, int column)
    {
        float dot = TensorPrimitives.Dot(_features[row], _features[column]);
        return Combine(dot, TensorPrimitives.Dot(_features.Seen(row), _features[column]), row, column);
    }

    /// <summary>Computes rows of the kernel matrix, one after the other.</summary>
    /// <param name="rows">The rows to compute.</param>
    /// <param name="destination">Rows × <paramref name="stride"/>.</param>
    /// <param name="stride"><see cref="Count"/>, rounded up to a multiple of 16.</param>
    public void Rows(ReadOnlySpan<int> rows, Span<float> destination, int stride)
    {
        // Computes both products of every row in one pass over the features.
        int length = _features.Length;
        var (features, products) = (new float[2 * rows.Length * length], new float[2 * rows.Length * stride]);
        for (int i = 0; i < rows.Length; i++)
        {
            _features[rows[i]].CopyTo(features.AsSpan(2 * i * length));
            _features.Seen(rows[i]).CopyTo(features.AsSpan(((2 * i) + 1) * length));
        }
        _positions.AddCombinations(features, products);
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> dots = products.AsSpan(2 * i * stride, stride);
            ReadOnlySpan<float> seen = products.AsSpan(((2 * i) + 1) * stride, stride);
            Span<float> row = destination.Slice(i * stride, Count);
            int column = 0;
            for (; column <= Count - 8; column += 8)
            {
                Vector256<float> dot = Vector256.Create(dots[column..]), shown = Vector256.Create(seen[column..]);
                Vector256<float> squares = Vector256.Create(_squares, column), norms = Vector256.Create(_norms, column);
                Combine(dot, shown, rows[i], squares, norms).CopyTo(row[column..]);
            }
            for (; column < Count; column++)
                row[column] = Combine(dots[column], seen[column], rows[i], column);
        }
    }

    /// <summary>Returns the diagonal of the kernel matrix.</summary>
    public float[] Diagonal() => [.. Enumerable.Range(0, Count).Select(row => Value(row, row))];

    /// <summary>
    /// Computes one column of a row, with the same operations that <see cref="Rows"/> uses for eight columns.
    /// </summary>
    private float Combine(float dot, float seen, int row, int column)
    {
        Vector256<float> squares = Vector256.Create(_squares[column]), norms = Vector256.Create(_norms[column]);
        return Combine(Vector256.Create(dot), Vector256.Create(seen), row, squares, norms)[0];
    }

    /// <summary>Computes eight columns of a row.</summary>
    private Vector256<float> Combine(
        Vector256<float> dots, Vector256<float> seen, int row, Vector256<float> squares, Vector256<float> norms)
    {
        Vector256<float> one = Vector256<float>.One;
        Vector256<float> distances = squares + Vector256.Create(_squares[row]) - (2 * dots);
        distances = Vector256.Max(distances, Vector256<float>.Zero);
        Vector256<float> rationalQuadratic = one / (one + (distances / (2 * _distance)));
        Vector256<float> norm = norms * _norms[row];
        Vector256<float> cosines = ((seen / _meanSeen) + one) / norm;
        return 0.5f * (rationalQuadratic + (0.5f * norm * ReluLayer(ReluLayer(cosines))));
    }

    /// <summary>
    /// Returns the cosine of two vectors after a random layer of infinitely many ReLUs: (√(1 − c²) + (π − arccos c) c)
    /// / π.
    /// </summary>
    private static Vector256<float> ReluLayer(Vector256<float> cosine)
    {
        cosine = Vector256.Min(Vector256.Max(cosine, Vector256.Create(-1f)), Vector256<float>.One);
        Vector256<float> size = Vector256.Abs(cosine);
        // arccos x = √(1 − x) · polynomial, to 2e-8 for 0 ≤ x ≤ 1 (Abramowitz and Stegun 4.4.46).
        Vector256<float> polynomial = Vector256.Create(-0.0012624911f);
        foreach (float coefficient in ArcCosine)
            polynomial = (polynomial * size) + Vector256.Create(coefficient);
        Vector256<float> angle = Vector256.Sqrt(Vector256<float>.One - size) * polynomial;
        // π − arccos c.
        Vector256<float> isNegative = Vector256.LessThan(cosine, Vector256<float>.Zero);
        Vector256<float> rest = Vector256.ConditionalSelect(isNegative, angle, Vector256.Create(MathF.PI) - angle);
        return (Vector256.Sqrt(Vector256<float>.One - (size * size)) + (rest * cosine)) / MathF.PI;
    }
}
