using System.Numerics;
using System.Numerics.Tensors;

namespace ScoreCam.Evaluation;

/// <summary>
/// The matrix of <see cref="LinearImputation"/> on one grid, and a multigrid V-cycle over it and its coarser grids.
/// Each coarser grid has half the height and width: every other pixel of the finer one. Planes are padded with zeros
/// around the picture, so that a shift by one is a neighbour on every row. Not thread-safe.
/// </summary>
internal sealed class ImputationGrid
{
    // The damping of a Jacobi step. A value below 1 keeps the cycle positive definite.
    private const float Damping = 0.8f;
    private const int SweepsOnTheCoarsest = 8;

    private readonly int _height, _width, _stride, _first, _last;
    private readonly float[] _isRemoved, _diagonal, _step, _residual;
    private readonly ImputationGrid? _coarser;
    private readonly float[] _coarseResidual = [], _correction = [];

    public ImputationGrid(int height, int width, bool[] isRemoved)
    {
        (_height, _width, _stride) = (height, width, width + 1);
        // The picture has a row and a vector of zeros before it and after it.
        _first = _stride + Vector<float>.Count;
        _last = _first + (height * _stride);
        (_isRemoved, _diagonal, _step, _residual) = (Plane(), Plane(), Plane(), Plane());
        float[] inside = Plane();
        for (int i = 0; i < isRemoved.Length; i++)
            (inside[At(i)], _isRemoved[At(i)]) = (1, isRemoved[i] ? 1 : 0);
        for (int i = _first; i < _last; i++)
            _diagonal[i] = NeighbourSum(inside, i);
        for (int i = _first; i < _last; i++)
            _step[i] = _isRemoved[i] == 1 && _diagonal[i] > 0 ? Damping / _diagonal[i] : 0;

        (int halfHeight, int halfWidth) = ((height + 1) / 2, (width + 1) / 2);
        if (Math.Min(halfHeight, halfWidth) < 2)
            return;
        bool[] coarse = new bool[halfHeight * halfWidth];
        for (int y = 0; y < halfHeight; y++)
            for (int x = 0; x < halfWidth; x++)
                coarse[(y * halfWidth) + x] = isRemoved[(2 * y * width) + (2 * x)];
        _coarser = new ImputationGrid(halfHeight, halfWidth, coarse);
        (_coarseResidual, _correction) = (_coarser.Plane(), _coarser.Plane());
    }

    public float[] Plane() => new float[_last + _stride + (2 * Vector<float>.Count)];

    public int At(int pixel) => _first + (pixel / _width * _stride) + (pixel % _width);

    /// <summary>
    /// Computes diagonal · x − weighted sum of the neighbours at the removed pixels, and 0 elsewhere.
    /// </summary>
    public void Multiply(float[] x, float[] destination)
    {
        for (int i = _first; i < _last; i += Vector<float>.Count)
        {
            var value = new Vector<float>(_diagonal, i) * new Vector<float>(x, i);
            (new Vector<float>(_isRemoved, i) * (value - NeighbourSums(x, i))).CopyTo(destination, i);
        }
    }

    /// <summary>
    /// Runs one V-cycle that starts at zero. z approximates the solution of the system for r. The cycle is linear,
    /// symmetric and positive definite in r.
    /// </summary>
    public void Precondition(float[] r, float[] z)
    {
        TensorPrimitives.Multiply(_step, r, z);
        for (int sweep = 1; _coarser == null && sweep < SweepsOnTheCoarsest; sweep++)
            Smooth(r, z);
        if (_coarser == null)
            return;
        Multiply(z, _residual);
        TensorPrimitives.Subtract(r, _residual, _residual);
        Restrict(_residual, _coarseResidual);
        _coarser.Precondition(_coarseResidual, _correction);
        AddInterpolated(_correction, z);
        Smooth(r, z);
    }

    private void Smooth(float[] r, float[] z)
    {
        Multiply(z, _residual);
        TensorPrimitives.Subtract(r, _residual, _residual);
        TensorPrimitives.MultiplyAdd(_residual, _step, z, z);
    }

    // The transpose of AddInterpolated: each pixel is added to the coarse pixels from which it is interpolated.
    private void Restrict(float[] fine, float[] coarse)
    {
        ImputationGrid grid = _coarser!;
        Array.Clear(coarse);
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<float> row = fine.AsSpan(_first + (y * _stride), _width);
            Span<float> above = grid.Row(coarse, y / 2);
            Span<float> below = grid.Row(coarse, Math.Min((y + 1) / 2, grid._height - 1));
            for (int x = 0; x < above.Length; x++)
            {
                int center = 2 * x;
                float left = x > 0 ? row[center - 1] : 0, right = center + 1 < row.Length ? row[center + 1] : 0;
                // The last column of an even width has no coarse pixel to its right.
                float share = center + 2 == row.Length ? right : 0.5f * right;
                float sum = 0.5f * (row[center] + (0.5f * left) + share);
                above[x] += sum;
                below[x] += sum;
            }
        }
        TensorPrimitives.Multiply(coarse, grid._isRemoved, coarse);
    }

    // Adds the bilinear interpolation of a coarse plane at the removed pixels.
    private void AddInterpolated(float[] coarse, float[] fine)
    {
        ImputationGrid grid = _coarser!;
        Span<float> between = grid._residual.AsSpan(0, grid._width + 1);
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<float> above = grid.Row(coarse, y / 2);
            ReadOnlySpan<float> below = grid.Row(coarse, Math.Min((y + 1) / 2, grid._height - 1));
            TensorPrimitives.Add(above, below, between);
            between[^1] = between[^2];
            int start = _first + (y * _stride);
            for (int x = 0; x < _width; x++)
                fine[start + x] += _isRemoved[start + x] * 0.25f * (between[x / 2] + between[(x + 1) / 2]);
        }
    }

    private Span<float> Row(float[] plane, int y) => plane.AsSpan(_first + (y * _stride), _width);

    private float NeighbourSum(float[] x, int i)
    {
        (int above, int below) = (i - _stride, i + _stride);
        float corners = x[above - 1] + x[above + 1] + x[below - 1] + x[below + 1];
        return (corners + (2 * (x[i - 1] + x[i + 1] + x[above] + x[below]))) / 12;
    }

    private Vector<float> NeighbourSums(float[] x, int i)
    {
        (int above, int below) = (i - _stride, i + _stride);
        Vector<float> corners = Load(above - 1) + Load(above + 1) + Load(below - 1) + Load(below + 1);
        return (corners + (2 * (Load(i - 1) + Load(i + 1) + Load(above) + Load(below)))) * (1 / 12f);

        Vector<float> Load(int index) => new(x, index);
    }
}
