using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>The terms of the loss of meaningful perturbation.</summary>
/// <param name="Area">λ₁ Σ |1 − m|.</param>
/// <param name="Variation">λ₂ Σ (d_r² + d_c²)^(β/2).</param>
/// <param name="Probability">The target's score on the perturbed picture.</param>
internal readonly record struct PerturbationLoss(float Area, float Variation, float Probability)
{
    public float Total => Area + Variation + Probability;
}

/// <summary>
/// The loss of meaningful perturbation, and its gradient with respect to the cells of the mask. Thread-safe.
/// </summary>
internal sealed class PerturbationProblem
{
    /// <summary>
    /// The number of cells in the paper. The paper's λ₁ weighs their sum, and this implementation weighs their mean.
    /// </summary>
    private const int UsualCells = 28 * 28;

    /// <summary>The number of circles to try for the initial mask.</summary>
    private const int StartCircles = 10;

    private readonly InputContext _picture;
    private readonly MeaningfulPerturbationOptions _options;
    private readonly CoarseMask _mask;
    private readonly float[] _difference;

    public PerturbationProblem(InputContext picture, MeaningfulPerturbationOptions options)
    {
        (_picture, _options) = (picture, options);
        double scale = Math.Min(picture.Height, picture.Width) / 224.0;
        int rows = Math.Max(1, picture.Height / options.CellSize),
            columns = Math.Max(1, picture.Width / options.CellSize);
        _mask = new CoarseMask(rows, columns, picture.Height, picture.Width, options.MaskBlur * scale);
        float[] blurred = Blur(picture.Image, options.PictureBlur * scale);
        _difference = picture.Image.Tensor.ToArray();
        TensorPrimitives.Subtract(_difference, blurred, _difference);
    }

    /// <summary>The number of cells.</summary>
    public int Cells => _mask.CellHeight * _mask.CellWidth;

    public int Height => _mask.Height;

    public int Width => _mask.Width;

    /// <summary>
    /// Returns 1 − M = Gaussian(Up(1 − m)), height × width: the blurred part. It is exactly 0 where no cell is below 1.
    /// </summary>
    public float[] Removed(ReadOnlySpan<float> cells)
    {
        float[] removed = new float[Height * Width], opposite = new float[cells.Length];
        TensorPrimitives.Subtract(1f, cells, opposite);
        _mask.Write(opposite, removed);
        return removed;
    }

    /// <summary>Returns the initial cells of the optimisation.</summary>
    public float[] Start(int target)
    {
        var cells = new float[Cells];
        Array.Fill(cells, _options.Start ?? 1);
        if (_options.Start is not null)
            return cells;
        float whole = Loss(target, cells).Probability;
        for (int circle = 1; circle <= StartCircles; circle++)
        {
            double radius = 0.5 * circle / StartCircles * Math.Min(_mask.CellHeight, _mask.CellWidth);
            for (int i = 0; i < cells.Length; i++)
            {
                double row = (i / _mask.CellWidth) - ((_mask.CellHeight - 1) / 2.0);
                double column = (i % _mask.CellWidth) - ((_mask.CellWidth - 1) / 2.0);
                cells[i] = (row * row) + (column * column) <= radius * radius ? 0 : 1;
            }
            if (Loss(target, cells).Probability <= 0.01f * whole)
                break;
        }
        return cells;
    }

    /// <summary>Returns the loss, without shifting the picture.</summary>
    public PerturbationLoss Loss(int target, ReadOnlySpan<float> cells)
    {
        float[] values = Score(Perturbed(Removed(cells), (0, 0)));
        var logits = new float[_picture.Call.Head.Classes];
        _picture.Call.Head.Logits(values, logits);
        return Regularized(cells, default) with { Probability = TargetOf(target).Score(logits) };
    }

    /// <summary>Returns the loss in an iteration, and writes its gradient with respect to the cells.</summary>
    public PerturbationLoss Evaluate(int target, ReadOnlySpan<float> cells, int iteration, Span<float> gradient)
    {
        (int Rows, int Columns) shift = ShiftOf(target, iteration);
        float[] perturbed = Perturbed(Removed(cells), shift);
        // The gradient of a probability needs the logits first.
        float[] values = Score(perturbed);
        float score = 0;
        float[] byPicture = [];
        new Gradients(_picture.Call.Network, [TargetOf(target)], _picture.Call.Run).OfPictures(
            _picture.Input, values, 1, isGuided: false, (_, picture) => perturbed.CopyTo(picture),
            (_, _, s, g) => (score, byPicture) = (s, g), isExpected: true);

        var byMask = new float[Height * Width];
        for (int start = 0; start < byPicture.Length; start += byMask.Length)
            AddShifted(byPicture.AsSpan(start, byMask.Length), _difference.AsSpan(start, byMask.Length), shift, byMask);
        _mask.Backward(byMask, gradient);
        return Regularized(cells, gradient) with { Probability = score };
    }

    private Target TargetOf(int target) => new ProbabilityTarget(_picture.Targets[target], _picture.Call.Head);

    private float[] Score(float[] perturbed)
    {
        var image = PreparedImage.FromTensor(perturbed, _picture.Image.Channels, Height, Width);
        float[] values = _picture.Call.Network.Score(_picture.Call.Model.ToNetworkInput(image), _picture.Call.Run);
        _picture.Call.Run.Report(1);
        return values;
    }

    /// <summary>Returns X − (1 − M) ⊙ (X − blur(X)), shifted. Pixels at the edge are repeated.</summary>
    private float[] Perturbed(float[] removed, (int Rows, int Columns) shift)
    {
        ReadOnlySpan<float> picture = _picture.Image.Tensor;
        var perturbed = new float[picture.Length];
        for (int start = 0; start < perturbed.Length; start += removed.Length)
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                {
                    int from = Source(y, x, shift);
                    perturbed[start + (y * Width) + x] =
                        picture[start + from] - (removed[from] * _difference[start + from]);
                }
        return perturbed;
    }

    /// <summary>Adds gradient ⊙ difference at the positions from which the shifted pixels came.</summary>
    private void AddShifted(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> difference, (int Rows, int Columns) shift, Span<float> sum)
    {
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                int from = Source(y, x, shift);
                sum[from] += gradient[(y * Width) + x] * difference[from];
            }
    }

    private int Source(int y, int x, (int Rows, int Columns) shift) =>
        (Math.Clamp(y + shift.Rows, 0, Height - 1) * Width) + Math.Clamp(x + shift.Columns, 0, Width - 1);

    private (int Rows, int Columns) ShiftOf(int target, int iteration)
    {
        if (_options.Jitter == 0)
            return (0, 0);
        var random = new SeededRandom(_options.Seed, HashCode(target, iteration));
        int span = (2 * _options.Jitter) + 1;
        return (random.Next(span) - _options.Jitter, random.Next(span) - _options.Jitter);
    }

    private static int HashCode(int target, int iteration) => (target * 1_000_003) + iteration;

    /// <summary>
    /// Returns the terms that do not need the network. Adds their gradients if <paramref name="gradient"/> is not
    /// empty.
    /// </summary>
    private PerturbationLoss Regularized(ReadOnlySpan<float> cells, Span<float> gradient)
    {
        float areaWeight = _options.AreaWeight * UsualCells / cells.Length;
        double area = 0, variation = 0;
        (int height, int width) = (_mask.CellHeight, _mask.CellWidth);
        for (int i = 0; i < cells.Length; i++)
        {
            area += 1 - cells[i];
            bool isLastRow = i / width == height - 1, isLastColumn = i % width == width - 1;
            float down = isLastRow ? 0 : cells[i + width] - cells[i];
            float right = isLastColumn ? 0 : cells[i + 1] - cells[i];
            float square = (down * down) + (right * right);
            if (square > 0)
                variation += MathF.Pow(square, _options.VariationPower / 2);
            if (gradient.IsEmpty)
                continue;
            gradient[i] -= areaWeight;
            if (square == 0)
                continue;
            float slope = _options.VariationWeight * _options.VariationPower
                * MathF.Pow(square, (_options.VariationPower / 2) - 1);
            gradient[i] -= slope * (down + right);
            if (!isLastRow)
                gradient[i + width] += slope * down;
            if (!isLastColumn)
                gradient[i + 1] += slope * right;
        }
        return new((float)(areaWeight * area), (float)(_options.VariationWeight * variation), 0);
    }

    private static float[] Blur(PreparedImage image, double sigma)
    {
        var blurred = new float[image.Tensor.Length];
        int plane = image.Height * image.Width, radius = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        for (int start = 0; start < blurred.Length; start += plane)
            GaussianBlur.Apply(
                image.Tensor.Slice(start, plane), image.Height, image.Width, sigma, radius,
                blurred.AsSpan(start, plane));
        return blurred;
    }
}
