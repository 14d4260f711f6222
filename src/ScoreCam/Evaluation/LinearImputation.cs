using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// Fills removed pixels so that each one is the weighted mean of its eight neighbours. The weight is 1/6 for a
/// neighbour that shares an edge, and 1/12 for a neighbour that shares only a corner. At the border, the weights of the
/// remaining neighbours are scaled up. The system is sparse, symmetric and positive definite. It is solved with
/// conjugate gradients and a multigrid preconditioner, so a large hole takes only a few more steps than a small one.
/// Not thread-safe.
/// </summary>
internal sealed class LinearImputation
{
    // Relative to the initial residual. The noise that ROAD adds is a hundred times larger.
    private const float Tolerance = 1e-5f;

    private readonly int[] _removed;
    private readonly ImputationGrid _grid;

    /// <summary>
    /// Creates the system for the removed pixels, given by row-major indices. At least one pixel must remain.
    /// </summary>
    public LinearImputation(int height, int width, ReadOnlySpan<int> removed)
    {
        _removed = removed.ToArray();
        bool[] isRemoved = new bool[height * width];
        foreach (int pixel in _removed)
            isRemoved[pixel] = true;
        _grid = new ImputationGrid(height, width, isRemoved);
    }

    /// <summary>Replaces the removed pixels of a plane.</summary>
    public void Fill(Span<float> plane)
    {
        if (_removed.Length == 0)
            return;
        // x is the solution, r the residual, z the preconditioned residual and p the direction.
        float[] x = _grid.Plane(), r = _grid.Plane(), z = _grid.Plane(), p = _grid.Plane();
        float[] known = _grid.Plane(), product = _grid.Plane();
        for (int i = 0; i < plane.Length; i++)
            known[_grid.At(i)] = plane[i];
        foreach (int pixel in _removed)
            known[_grid.At(pixel)] = 0;

        // The initial guess is the mean of the known pixels. The known pixels belong to the right-hand side.
        float mean = TensorPrimitives.Sum<float>(known) / (plane.Length - _removed.Length);
        foreach (int pixel in _removed)
            known[_grid.At(pixel)] = x[_grid.At(pixel)] = mean;
        _grid.Multiply(known, product);
        TensorPrimitives.Negate(product, r);
        _grid.Precondition(r, z);
        z.CopyTo(p, 0);
        float rz = TensorPrimitives.Dot<float>(r, z), enough = Tolerance * Tolerance * rz;
        for (int step = 0; step < 2 * _removed.Length && rz > enough; step++)
        {
            _grid.Multiply(p, product);
            float alpha = rz / TensorPrimitives.Dot<float>(p, product);
            TensorPrimitives.MultiplyAdd(p, alpha, x, x);
            TensorPrimitives.MultiplyAdd(product, -alpha, r, r);
            _grid.Precondition(r, z);
            float next = TensorPrimitives.Dot<float>(r, z);
            TensorPrimitives.MultiplyAdd(p, next / rz, z, p);
            rz = next;
        }
        foreach (int pixel in _removed)
            plane[pixel] = x[_grid.At(pixel)];
    }
}
