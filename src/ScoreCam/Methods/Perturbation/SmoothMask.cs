using System.Numerics.Tensors;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// A smooth mask of the input's size, computed from a grid of cells m. M(u) is the smooth maximum of k(|u − p|) m over
/// the cells, where p is the position of a cell and k(d) = exp(−2 max(d / σ − 1/2, 0)²). The smooth maximum of v is Σ v
/// softmax(20 v). Cells outside the grid count as 0. Not thread-safe: the gradient uses the sums of the last mask.
/// </summary>
/// <remarks>
/// Pixels with the same position relative to the grid points form a plane. A plane has one pixel per cell, in rows of
/// the padded grid. All cells at the same distance d from a pixel have the same k. Therefore e^(20 v) is computed once
/// per distance and cell, and a plane adds it as one span of the padded grid.
/// </remarks>
internal sealed class SmoothMask
{
    private const float Temperature = 20;

    private readonly int _planeLength;
    // The index of each cell in the padded grid, and of each pixel in the planes.
    private readonly int[] _cells, _pixels;
    private readonly Ring[] _rings;
    // The grid with a border of zeros, which is as wide as the range of a grid point.
    private readonly float[] _padded;
    // With x = 20 v, for each pixel: Σ eˣ, and Σ x eˣ / Σ eˣ, which is 20 M. Then the gradients with respect to the two
    // sums.
    private readonly float[] _sums, _maxima, _bySums, _byProducts;

    public SmoothMask(int height, int width, double step, double sigma)
    {
        (Height, Width) = (height, width);
        int side = Math.Max(1, (int)Math.Round(step));
        (int rows, int columns) = ((height + side - 1) / side, (width + side - 1) / side);
        int reach = 1 + (int)Math.Ceiling(sigma / side);
        int stride = columns + (2 * reach);
        _planeLength = ((rows - 1) * stride) + columns;
        _padded = new float[(rows + (2 * reach)) * stride];
        _cells = [.. from row in Enumerable.Range(reach, rows)
                     from column in Enumerable.Range(reach, columns)
                     select (row * stride) + column];
        _pixels = [.. from y in Enumerable.Range(0, height)
                      from x in Enumerable.Range(0, width)
                      select Plane(y % side, x % side) + (y / side * stride) + (x / side)];
        IEnumerable<int> positions = Enumerable.Range(0, side), window = Enumerable.Range(0, (2 * reach) + 1);
        var rings = from y in positions
                    from row in window
                    from x in positions
                    from column in window
                    let down = y - ((row - reach) * side)
                    let right = x - ((column - reach) * side)
                    group new Pair(Plane(y, x), (row * stride) + column) by (down * down) + (right * right);
        _rings = [.. rings.Select(pairs => new Ring(Kernel(Math.Sqrt(pairs.Key) / sigma), [.. pairs]))];
        int length = side * side * _planeLength;
        (_sums, _maxima) = (new float[length], new float[length]);
        (_bySums, _byProducts) = (new float[length], new float[length]);

        int Plane(int y, int x) => ((y * side) + x) * _planeLength;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The number of cells.</summary>
    public int Cells => _cells.Length;

    /// <summary>Writes M, computed from the cells.</summary>
    public void Write(ReadOnlySpan<float> cells, Span<float> mask)
    {
        for (int i = 0; i < cells.Length; i++)
            _padded[_cells[i]] = cells[i];
        Array.Clear(_sums);
        Array.Clear(_maxima);
        float[] x = new float[_padded.Length], exp = new float[x.Length], products = new float[x.Length];
        foreach (Ring ring in _rings)
        {
            TensorPrimitives.Multiply(_padded, Temperature * ring.Kernel, x);
            TensorPrimitives.Exp<float>(x, exp);
            TensorPrimitives.Multiply<float>(x, exp, products);
            foreach (Pair pair in ring.Pairs)
            {
                Add(exp, pair.Cells, _sums, pair.Pixels);
                Add(products, pair.Cells, _maxima, pair.Pixels);
            }
        }
        TensorPrimitives.Divide<float>(_maxima, _sums, _maxima);
        for (int i = 0; i < mask.Length; i++)
            mask[i] = _maxima[_pixels[i]] / Temperature;
    }

    /// <summary>
    /// Computes the gradient with respect to the cells of the last mask from the gradient with respect to M.
    /// </summary>
    public void Backward(ReadOnlySpan<float> gradient, Span<float> byCells)
    {
        for (int i = 0; i < gradient.Length; i++)
            _byProducts[_pixels[i]] = gradient[i] / _sums[_pixels[i]];
        TensorPrimitives.Multiply<float>(_byProducts, _maxima, _bySums);
        TensorPrimitives.Negate<float>(_bySums, _bySums);
        float[] x = new float[_padded.Length], exp = new float[x.Length], byPadded = new float[x.Length];
        float[] byProduct = new float[x.Length], byExp = new float[x.Length];
        foreach (Ring ring in _rings)
        {
            Array.Clear(byProduct);
            Array.Clear(byExp);
            foreach (Pair pair in ring.Pairs)
            {
                Add(_byProducts, pair.Pixels, byProduct, pair.Cells);
                Add(_bySums, pair.Pixels, byExp, pair.Cells);
            }
            // Adds k eˣ ((1 + x) byProduct + byExp).
            TensorPrimitives.Multiply(_padded, Temperature * ring.Kernel, x);
            TensorPrimitives.Exp<float>(x, exp);
            TensorPrimitives.AddMultiply(x, 1, byProduct, byProduct);
            TensorPrimitives.AddMultiply<float>(byProduct, byExp, exp, byProduct);
            TensorPrimitives.MultiplyAdd(byProduct, ring.Kernel, byPadded, byPadded);
        }
        for (int i = 0; i < byCells.Length; i++)
            byCells[i] = byPadded[_cells[i]];
    }

    private void Add(float[] values, int start, float[] sums, int position)
    {
        Span<float> sum = sums.AsSpan(position, _planeLength);
        TensorPrimitives.Add(sum, values.AsSpan(start, _planeLength), sum);
    }

    private static float Kernel(double distance)
    {
        double beyond = Math.Max(distance - 0.5, 0);
        return (float)Math.Exp(-2 * beyond * beyond);
    }

    /// <summary>The value of k at one distance, and the pairs at this distance.</summary>
    private sealed record Ring(float Kernel, Pair[] Pairs);

    /// <summary>The start of a plane of pixels, and of the cells that it adds, in the padded grid.</summary>
    private readonly record struct Pair(int Pixels, int Cells);
}
