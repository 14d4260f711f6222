using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Fills removed pixels so that each is the weighted mean of its eight neighbours (1/6 by an edge, 1/12 by a corner; the weights of neighbours outside of the
/// picture are left out and the others keep their proportion). The system is sparse, symmetric and positive definite: conjugate gradients solve it.
/// Everything stands in whole planes with one column of zeros more than the picture, so that a shift by one is a neighbour on every row. Not thread-safe.
/// </summary>
internal sealed class LinearImputation
{
    // Of the first residual; a hundred times below the noise that is added.
    private const double Tolerance = 1e-5;

    private readonly int _height, _width, _stride;
    private readonly int[] _removed;
    private readonly double[] _isRemoved, _diagonal, _scratch;

    /// <summary>The system of a set of removed pixels, row-major indices; at least one pixel must remain.</summary>
    public LinearImputation(int height, int width, ReadOnlySpan<int> removed)
    {
        (_height, _width, _stride) = (height, width, width + 1);
        _removed = removed.ToArray();
        (_isRemoved, _diagonal, _scratch) = (Plane(), Plane(), Plane());
        foreach (int pixel in _removed)
            _isRemoved[At(pixel)] = 1;
        double[] inside = Plane();
        for (int y = 0; y < height; y++)
            inside.AsSpan(y * _stride, width).Fill(1);
        SumNeighbours(inside, _diagonal);
    }

    /// <summary>Replaces the removed pixels of a plane; their old values do not matter.</summary>
    public void Fill(Span<float> plane)
    {
        if (_removed.Length == 0)
            return;
        double[] known = Plane(), x = Plane(), r = Plane(), z = Plane(), product = Plane();
        for (int i = 0; i < plane.Length; i++)
            known[At(i)] = plane[i];
        foreach (int pixel in _removed)
            known[At(pixel)] = 0;

        // Start from the mean of what is known: x solution, r residual, z residual over the diagonal, p direction.
        double mean = TensorPrimitives.Sum<double>(known) / (plane.Length - _removed.Length);
        TensorPrimitives.Multiply(_isRemoved, mean, x);
        SumNeighbours(known, r);
        TensorPrimitives.Multiply(r, _isRemoved, r);
        Multiply(x, product);
        TensorPrimitives.Subtract(r, product, r);
        TensorPrimitives.Divide(r, _diagonal, z);
        double[] p = [.. z];
        double rz = TensorPrimitives.Dot<double>(r, z), enough = Tolerance * Tolerance * rz;
        for (int step = 0; step < 2 * _removed.Length && rz > enough; step++)
        {
            Multiply(p, product);
            double alpha = rz / TensorPrimitives.Dot<double>(p, product);
            TensorPrimitives.MultiplyAdd(p, alpha, x, x);
            TensorPrimitives.MultiplyAdd(product, -alpha, r, r);
            TensorPrimitives.Divide(r, _diagonal, z);
            double next = TensorPrimitives.Dot<double>(r, z);
            TensorPrimitives.MultiplyAdd(p, next / rz, z, p);
            rz = next;
        }
        foreach (int pixel in _removed)
            plane[pixel] = (float)x[At(pixel)];
    }

    private double[] Plane() => new double[_height * _stride];

    private int At(int pixel) => (pixel / _width * _stride) + (pixel % _width);

    /// <summary>diagonal · x − weighted sum of the neighbours, at the removed pixels.</summary>
    private void Multiply(double[] x, double[] destination)
    {
        SumNeighbours(x, destination);
        TensorPrimitives.Multiply(x, _diagonal, _scratch);
        TensorPrimitives.Subtract(_scratch, destination, destination);
        TensorPrimitives.Multiply(destination, _isRemoved, destination);
    }

    /// <summary>(1/12 1/6 1/12; 1/6 0 1/6; 1/12 1/6 1/12) is (1 2 1) across times (1 2 1) down over 12, less a third of the pixel itself.</summary>
    private void SumNeighbours(ReadOnlySpan<double> plane, Span<double> destination)
    {
        Span<double> across = _scratch;
        AddShifted(plane, 1, across);
        AddShifted(across, _stride, destination);
        TensorPrimitives.Multiply(destination, 1 / 12.0, destination);
        TensorPrimitives.MultiplyAdd(plane, -1 / 3.0, destination, destination);
    }

    /// <summary>2 · x + x one shift before + x one shift after.</summary>
    private static void AddShifted(ReadOnlySpan<double> x, int shift, Span<double> destination)
    {
        TensorPrimitives.Multiply(x, 2, destination);
        TensorPrimitives.Add(destination[shift..], x[..^shift], destination[shift..]);
        TensorPrimitives.Add(destination[..^shift], x[shift..], destination[..^shift]);
    }
}
