using System.Numerics.Tensors;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// A smooth mask of the input's size from a grid of cells m: M(u) is the smooth maximum over the cells of k(|u − p|) m,
/// where p is the place of a cell, k(d) = exp(−2 max(d / σ − 1/2, 0)²), and the smooth maximum of x is Σ x
/// softmax(20 x).
/// Immutable and thread-safe.
/// </summary>
internal sealed class SmoothMask
{
    private const float Temperature = 20;

    private readonly int _step, _rows, _columns, _reach;
    // By the place of a pixel between grid points: k for each cell around it.
    private readonly float[][] _kernels;

    public SmoothMask(int height, int width, double step, double sigma)
    {
        (Height, Width) = (height, width);
        _step = Math.Max(1, (int)Math.Round(step));
        (_rows, _columns) = ((height + _step - 1) / _step, (width + _step - 1) / _step);
        _reach = 1 + (int)Math.Ceiling(sigma / _step);
        _kernels = [.. Enumerable.Range(0, _step * _step).Select(place => Kernel(place / _step, place % _step, sigma))];
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Number of cells.</summary>
    public int Cells => _rows * _columns;

    /// <summary>M from the cells.</summary>
    public void Write(ReadOnlySpan<float> cells, Span<float> mask)
    {
        var window = new Window(this);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                mask[(y * Width) + x] = window.Maximum(cells, y, x);
    }

    /// <summary>The gradient by the cells, from the gradient by M.</summary>
    public void Backward(ReadOnlySpan<float> cells, ReadOnlySpan<float> gradient, Span<float> byCells)
    {
        byCells.Clear();
        var window = new Window(this);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                if (gradient[(y * Width) + x] is var outer and not 0)
                    window.AddGradient(cells, y, x, outer, byCells);
    }

    /// <summary>The cells around one pixel, and scratch memory. Cells outside the grid count as 0.</summary>
    private sealed class Window
    {
        private readonly SmoothMask _mask;
        private readonly int _side;
        private readonly float[] _values, _weights;
        private readonly int[] _cells;
        private float[] _kernel = [];

        public Window(SmoothMask mask)
        {
            (_mask, _side) = (mask, (2 * mask._reach) + 1);
            int length = _side * _side;
            (_values, _weights, _cells) = (new float[length], new float[length], new int[length]);
        }

        public float Maximum(ReadOnlySpan<float> cells, int y, int x)
        {
            Fill(cells, y, x);
            TensorPrimitives.Multiply(_values, Temperature, _weights);
            TensorPrimitives.SoftMax<float>(_weights, _weights);
            return TensorPrimitives.Dot<float>(_values, _weights);
        }

        /// <summary>∂M/∂v_j = w_j (1 + T (v_j − M)), and v_j = k_j m_j.</summary>
        public void AddGradient(ReadOnlySpan<float> cells, int y, int x, float outer, Span<float> byCells)
        {
            float maximum = Maximum(cells, y, x);
            for (int j = 0; j < _cells.Length; j++)
                if (_cells[j] >= 0)
                    byCells[_cells[j]] +=
                        outer * _weights[j] * (1 + (Temperature * (_values[j] - maximum))) * _kernel[j];
        }

        private void Fill(ReadOnlySpan<float> cells, int y, int x)
        {
            (int step, int reach) = (_mask._step, _mask._reach);
            (int firstRow, int firstColumn) = ((y / step) - reach, (x / step) - reach);
            _kernel = _mask._kernels[(y % step * step) + (x % step)];
            for (int r = 0; r < _side; r++)
                for (int c = 0; c < _side; c++)
                {
                    (int row, int column, int j) = (firstRow + r, firstColumn + c, (r * _side) + c);
                    bool isInside = (uint)row < (uint)_mask._rows && (uint)column < (uint)_mask._columns;
                    _cells[j] = isInside ? (row * _mask._columns) + column : -1;
                    _values[j] = isInside ? _kernel[j] * cells[_cells[j]] : 0;
                }
        }
    }

    /// <summary>k for the cells around a pixel that lies so many rows and columns after a grid point.</summary>
    private float[] Kernel(int rows, int columns, double sigma)
    {
        int side = (2 * _reach) + 1;
        var kernel = new float[side * side];
        for (int j = 0; j < kernel.Length; j++)
        {
            double down = rows - (((j / side) - _reach) * _step), right = columns - (((j % side) - _reach) * _step);
            double beyond = Math.Max((Math.Sqrt((down * down) + (right * right)) / sigma) - 0.5, 0);
            kernel[j] = (float)Math.Exp(-2 * beyond * beyond);
        }
        return kernel;
    }
}
