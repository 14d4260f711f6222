using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// Gaussian process regression with a constant mean, grown point by point. With L Lᵀ = K(X, X) + noise · 1 the Cholesky factor over the points so far, it keeps the rows
/// of V = L⁻¹ K(X, all), which only grow. What is known of the variance does not depend on the observed values, so several targets share it.
/// </summary>
internal sealed class GaussianProcess(MaskKernel kernel)
{
    /// <summary>Variance of an observation beside the kernel's, which is about 1: what the features do not explain.</summary>
    private const float Noise = 0.01f;

    /// <summary>More points cost more than the passes that they save.</summary>
    private const int MaxPoints = 512;

    private readonly List<int> _points = [];
    private readonly List<float[]> _rows = [];
    private readonly List<float[]> _lower = [];
    private readonly float[] _variances = kernel.Diagonal();

    /// <summary>The points observed so far, in order.</summary>
    public ReadOnlySpan<int> Points => CollectionsMarshal.AsSpan(_points);

    /// <summary>True where no point should be added any more.</summary>
    public bool IsFull => _points.Count >= MaxPoints;

    /// <summary>Variance of the values at every point, in units of the process variance.</summary>
    public ReadOnlySpan<float> Variances => _variances;

    /// <summary>A point is, or will be, observed.</summary>
    public void Add(int point)
    {
        var row = new float[kernel.Count];
        var lower = new float[_points.Count + 1];
        kernel.Row(point, row);
        for (int i = 0; i < _rows.Count; i++)
        {
            lower[i] = _rows[i][point];
            TensorPrimitives.MultiplyAdd(_rows[i], -lower[i], row, row);
        }
        lower[^1] = MathF.Sqrt(Math.Max(row[point], 0) + Noise);
        TensorPrimitives.Divide(row, lower[^1], row);
        for (int i = 0; i < row.Length; i++)
            _variances[i] = Math.Max(_variances[i] - (row[i] * row[i]), 0);
        _points.Add(point);
        _rows.Add(row);
        _lower.Add(lower);
    }

    /// <summary>Forgets all points but the first ones.</summary>
    public void Truncate(int count)
    {
        foreach (float[] row in _rows.Skip(count))
            TensorPrimitives.MultiplyAdd(row, row, _variances, _variances);
        _points.RemoveRange(count, _points.Count - count);
        _rows.RemoveRange(count, _rows.Count - count);
        _lower.RemoveRange(count, _lower.Count - count);
    }

    /// <summary>What the observed values, one per point, say about every point.</summary>
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

        var means = new float[kernel.Count];
        means.AsSpan().Fill(constant);
        for (int i = 0; i < n; i++)
            TensorPrimitives.MultiplyAdd(_rows[i], y[i], means, means);
        return new(means, TensorPrimitives.SumOfSquares<float>(y) / Math.Max(n - 1, 1));
    }

    /// <summary>Covariances of the values at some points, in units of the process variance.</summary>
    public float[,] Covariances(ReadOnlySpan<int> points)
    {
        int n = _points.Count;
        var columns = new float[points.Length * n];
        for (int i = 0; i < n; i++)
            for (int p = 0; p < points.Length; p++)
                columns[(p * n) + i] = _rows[i][points[p]];

        var covariances = new float[points.Length, points.Length];
        for (int p = 0; p < points.Length; p++)
            for (int q = 0; q <= p; q++)
                covariances[p, q] = covariances[q, p] = kernel.Value(points[p], points[q])
                    - TensorPrimitives.Dot<float>(columns.AsSpan(p * n, n), columns.AsSpan(q * n, n));
        return covariances;
    }
}

/// <summary>Means at every point, and the process variance.</summary>
internal sealed record Posterior(float[] Means, float Variance);
