using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Fills removed pixels so that each is the weighted mean of its eight neighbours (1/6 by an edge, 1/12 by a corner; the weights of neighbours outside of the
/// picture are left out and the others keep their proportion). The system is sparse, symmetric and positive definite: conjugate gradients solve it.
/// </summary>
internal sealed class LinearImputation
{
    private const double Edge = 1.0 / 6, Corner = 1.0 / 12;
    private const double Tolerance = 1e-6;

    private readonly int[] _removed;
    private readonly int[] _neighbours;
    private readonly double[] _diagonal;

    /// <summary>The system of a set of removed pixels, row-major indices; at least one pixel must remain.</summary>
    public LinearImputation(int height, int width, ReadOnlySpan<int> removed)
    {
        _removed = removed.ToArray();
        Array.Sort(_removed);
        _neighbours = new int[8 * _removed.Length];
        _diagonal = new double[_removed.Length];
        for (int i = 0; i < _removed.Length; i++)
        {
            (int row, int column, int n) = (_removed[i] / width, _removed[i] % width, 8 * i);
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                {
                    if (dx == 0 && dy == 0)
                        continue;
                    (int y, int x) = (row + dy, column + dx);
                    bool inside = y >= 0 && y < height && x >= 0 && x < width;
                    _neighbours[n] = inside ? (y * width) + x : -1;
                    _diagonal[i] += inside ? Weight(n) : 0;
                    n++;
                }
        }
    }

    /// <summary>Replaces the removed pixels of a plane; their old values do not matter.</summary>
    public void Fill(Span<float> plane)
    {
        int count = _removed.Length;
        if (count == 0)
            return;
        // The unknowns stand in planes of the picture's size; known pixels are zero there, and so drop out of products.
        var (right, product, direction) = (new double[count], new double[count], new double[plane.Length]);
        var known = new double[plane.Length];
        for (int i = 0; i < plane.Length; i++)
            known[i] = plane[i];
        foreach (int pixel in _removed)
            known[pixel] = 0;
        double mean = TensorPrimitives.Sum<double>(known) / Math.Max(1, plane.Length - count);
        SumNeighbours(known, right);

        // Start from the mean of what is known. x: solution, r: residual, z: preconditioned residual.
        var x = new double[count];
        Array.Fill(x, mean);
        Scatter(x, direction);
        Multiply(direction, x, product);
        var r = new double[count];
        TensorPrimitives.Subtract(right, product, r);
        var z = new double[count];
        TensorPrimitives.Divide(r, _diagonal, z);
        double[] p = [.. z];
        double rz = TensorPrimitives.Dot<double>(r, z);
        double enough = Tolerance * Math.Max(1e-12, TensorPrimitives.Norm<double>(right) + TensorPrimitives.Norm<double>(r));
        for (int step = 0; step < 4 * count && TensorPrimitives.Norm<double>(r) > enough; step++)
        {
            Scatter(p, direction);
            Multiply(direction, p, product);
            double alpha = rz / TensorPrimitives.Dot<double>(p, product);
            TensorPrimitives.MultiplyAdd(p, alpha, x, x);
            TensorPrimitives.MultiplyAdd(product, -alpha, r, r);
            TensorPrimitives.Divide(r, _diagonal, z);
            double next = TensorPrimitives.Dot<double>(r, z);
            TensorPrimitives.MultiplyAdd(p, next / rz, z, p);
            rz = next;
        }
        for (int i = 0; i < count; i++)
            plane[_removed[i]] = (float)x[i];
    }

    private static double Weight(int n) => (n % 8) is 1 or 3 or 4 or 6 ? Edge : Corner;

    private void Scatter(double[] values, double[] plane)
    {
        for (int i = 0; i < values.Length; i++)
            plane[_removed[i]] = values[i];
    }

    /// <summary>diagonal · x − weighted sum of the removed neighbours.</summary>
    private void Multiply(double[] plane, double[] x, double[] destination)
    {
        SumNeighbours(plane, destination);
        for (int i = 0; i < x.Length; i++)
            destination[i] = (_diagonal[i] * x[i]) - destination[i];
    }

    private void SumNeighbours(double[] plane, double[] destination)
    {
        ReadOnlySpan<int> neighbours = _neighbours;
        for (int i = 0; i < destination.Length; i++, neighbours = neighbours[8..])
        {
            double Value(int pixel) => pixel < 0 ? 0 : plane[pixel];
            destination[i] =
                (Edge * (Value(neighbours[1]) + Value(neighbours[3]) + Value(neighbours[4]) + Value(neighbours[6]))) +
                (Corner * (Value(neighbours[0]) + Value(neighbours[2]) + Value(neighbours[5]) + Value(neighbours[7])));
        }
    }
}
