using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// Computes a mask of the input's size from a small grid of cells: M = Gaussian(Up(m)). Both steps are linear and
/// separable, so M = R m Cᵀ with one matrix for the rows and one for the columns. Immutable and thread-safe.
/// </summary>
internal sealed class CoarseMask
{
    private readonly float[] _rows, _columns;

    /// <param name="cellHeight">Rows of the grid, h.</param>
    /// <param name="cellWidth">Columns of the grid, w.</param>
    /// <param name="height">Rows of the mask, H.</param>
    /// <param name="width">Columns of the mask, W.</param>
    /// <param name="sigma">The standard deviation of the Gaussian in pixels; 0 means no blur.</param>
    public CoarseMask(int cellHeight, int cellWidth, int height, int width, double sigma)
    {
        (CellHeight, CellWidth, Height, Width) = (cellHeight, cellWidth, height, width);
        _rows = Matrix(cellHeight, height, sigma);
        _columns = Matrix(cellWidth, width, sigma);
    }

    public int CellHeight { get; }

    public int CellWidth { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Writes M, computed from the cells.</summary>
    public void Write(ReadOnlySpan<float> cells, Span<float> mask)
    {
        var wide = new float[CellHeight * Width];
        for (int r = 0; r < CellHeight; r++)
            for (int c = 0; c < CellWidth; c++)
                Accumulate(_columns.AsSpan(c * Width, Width), cells[(r * CellWidth) + c],
                    wide.AsSpan(r * Width, Width));
        mask.Clear();
        for (int y = 0; y < Height; y++)
            for (int r = 0; r < CellHeight; r++)
                Accumulate(wide.AsSpan(r * Width, Width), _rows[(r * Height) + y], mask.Slice(y * Width, Width));
    }

    /// <summary>Computes the gradient with respect to the cells from the gradient with respect to M.</summary>
    public void Backward(ReadOnlySpan<float> gradient, Span<float> cells)
    {
        var wide = new float[Width];
        for (int r = 0; r < CellHeight; r++)
        {
            Array.Clear(wide);
            for (int y = 0; y < Height; y++)
                Accumulate(gradient.Slice(y * Width, Width), _rows[(r * Height) + y], wide);
            for (int c = 0; c < CellWidth; c++)
                cells[(r * CellWidth) + c] = TensorPrimitives.Dot(wide, _columns.AsSpan(c * Width, Width));
        }
    }

    private static void Accumulate(ReadOnlySpan<float> values, float weight, Span<float> sum)
    {
        if (weight != 0)
            TensorPrimitives.MultiplyAdd(values, weight, sum, sum);
    }

    /// <summary>Returns the weight of each cell at each pixel of the axis.</summary>
    private static float[] Matrix(int cells, int pixels, double sigma)
    {
        var axis = BilinearAxis.HalfPixel(cells, pixels);
        var matrix = new float[cells * pixels];
        for (int i = 0; i < pixels; i++)
        {
            matrix[(axis.Lower[i] * pixels) + i] += 1 - axis.Fraction[i];
            matrix[(axis.Upper[i] * pixels) + i] += axis.Fraction[i];
        }
        if (sigma == 0)
            return matrix;
        var blurred = new float[matrix.Length];
        for (int cell = 0; cell < cells; cell++)
            GaussianBlur.Apply(
                matrix.AsSpan(cell * pixels, pixels), pixels, 1, sigma, blurred.AsSpan(cell * pixels, pixels));
        return blurred;
    }
}
