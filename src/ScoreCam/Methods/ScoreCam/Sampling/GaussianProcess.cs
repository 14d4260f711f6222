using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Gaussian process regression with a constant mean. Points can be added. L Lᵀ = K(X, X) + noise · 1 is the Cholesky
/// factorisation over the points added so far. The process stores the rows of V = L⁻¹ K(X, all), and a new point
/// appends a row. Variances do not depend on the observed values, so several targets share them.
/// </summary>
/// <param name="kernel">The prior covariances.</param>
/// <param name="capacity">The largest number of points; at most 512 are used.</param>
internal sealed class GaussianProcess(MaskKernel kernel, int capacity)
{
    /// <summary>
    /// The variance that the features do not explain, in units of the kernel's variance, which is about 1.
    /// </summary>
    public const float Noise = 0.01f;

    /// <summary>The largest number of points. More points cost more than the passes that they save.</summary>
    private const int MaxPoints = 512;

    /// <summary>The number of points that are added together. Memory is read once for all of them.</summary>
    private const int Block = 16;

    private readonly List<int> _points = [];
    private readonly List<float[]> _lower = [];
    private readonly TiledRows _rows = new(kernel.Count, Math.Min(MaxPoints, capacity));
    private readonly float[] _variances = kernel.Diagonal();

    /// <summary>The points observed so far, in order.</summary>
    public ReadOnlySpan<int> Points => CollectionsMarshal.AsSpan(_points);

    /// <summary>The variance of the value at every point, in units of the process variance.</summary>
    public ReadOnlySpan<float> Variances => _variances;

    /// <summary>Adds points that are observed or will be observed. Points beyond the capacity are ignored.</summary>
    public void Add(params ReadOnlySpan<int> points)
    {
        points = points[..Math.Min(points.Length, Math.Min(MaxPoints, capacity) - _points.Count)];
        for (int first = 0; first < points.Length; first += Block)
            AddBlock(points[first..Math.Min(first + Block, points.Length)]);
    }

    /// <summary>Predicts the value at every point from the observed values, one per observed point.</summary>
    public Posterior Predict(ReadOnlySpan<float> values)
    {
        int n = _points.Count;
        var (y, one) = (new float[n], new float[n]);
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<float> lower = _lower[i];
            y[i] = (values[i] - TensorPrimitives.Dot(lower[..i], y.AsSpan(0, i))) / lower[i];
            one[i] = (1 - TensorPrimitives.Dot(lower[..i], one.AsSpan(0, i))) / lower[i];
        }
        float constant = TensorPrimitives.Dot<float>(y, one) / TensorPrimitives.SumOfSquares<float>(one);
        TensorPrimitives.MultiplyAdd(one, -constant, y, y);

        var means = new float[_rows.Stride];
        means.AsSpan().Fill(constant);
        _rows.AddCombinations(y, means);
        return new(means[..kernel.Count], TensorPrimitives.SumOfSquares<float>(y) / Math.Max(n - 1, 1));
    }

    /// <summary>
    /// Returns the covariances of the values at some points, in units of the process variance, row by row.
    /// </summary>
    public float[][] Covariances(ReadOnlySpan<int> points)
    {
        int n = _points.Count;
        float[] columns = Columns(points);
        var covariances = new float[points.Length][];
        for (int p = 0; p < points.Length; p++)
        {
            covariances[p] = new float[points.Length];
            for (int q = 0; q <= p; q++)
                covariances[p][q] = covariances[q][p] = kernel.Value(points[p], points[q])
                    - TensorPrimitives.Dot<float>(columns.AsSpan(p * n, n), columns.AsSpan(q * n, n));
        }
        return covariances;
    }

    private void AddBlock(ReadOnlySpan<int> points)
    {
        int before = _points.Count, stride = _rows.Stride;
        var block = new float[points.Length * stride];
        kernel.Rows(points, block, stride);
        float[] lowers = Columns(points);
        TensorPrimitives.Negate(lowers, lowers);
        _rows.AddCombinations(lowers, block);

        for (int p = 0; p < points.Length; p++)
        {
            Span<float> row = block.AsSpan(p * stride, stride);
            var lower = new float[before + p + 1];
            TensorPrimitives.Negate<float>(lowers.AsSpan(p * before, before), lower);
            for (int q = 0; q < p; q++)
            {
                ReadOnlySpan<float> earlier = block.AsSpan(q * stride, stride);
                lower[before + q] = earlier[points[p]];
                TensorPrimitives.MultiplyAdd(earlier, -lower[before + q], row, row);
            }
            lower[^1] = MathF.Sqrt(Math.Max(row[points[p]], 0) + Noise);
            TensorPrimitives.Divide(row, lower[^1], row);
            for (int i = 0; i < _variances.Length; i++)
                _variances[i] = Math.Max(_variances[i] - (row[i] * row[i]), 0);
            _points.Add(points[p]);
            _lower.Add(lower);
        }
        for (int p = 0; p < points.Length; p++)
            _rows.Append(block.AsSpan(p * stride, stride));
    }

    /// <summary>Returns the columns of V at some points, one after the other.</summary>
    private float[] Columns(ReadOnlySpan<int> points)
    {
        int n = _points.Count;
        var columns = new float[points.Length * n];
        for (int p = 0; p < points.Length; p++)
            _rows.CopyColumn(points[p], columns.AsSpan(p * n, n));
        return columns;
    }
}

/// <summary>The mean at every point, and the process variance.</summary>
internal sealed record Posterior(float[] Means, float Variance);
