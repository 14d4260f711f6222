using System.Buffers;
using System.Numerics.Tensors;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>How RISE is computed.</summary>
public sealed record RiseOptions : MaskOptions
{
    /// <summary>
    /// Random masks N, at least 1. Default: 1000; the paper takes 4000 to 8000. The noise falls with √N.
    /// </summary>
    public int Masks { get; init; } = 1000;

    /// <summary>Cells along each side of the grid, s, 1 to 1000. Default: 7.</summary>
    public int GridSize { get; init; } = 7;

    /// <summary>Probability p that a cell is kept, 0 &lt; p &lt; 1. Default: 0.5.</summary>
    public double KeepProbability { get; init; } = 0.5;

    /// <summary>Seed of the masks; the same seed gives the same map, whatever the number of workers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// RISE (Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018): the mean of
/// random masks, each weighted by the probability of the target on the masked picture, over the expected mask:
/// S = 1/(N·p) Σ f(X ⊙ M_i) M_i. It needs no layer.
/// </summary>
public sealed class RiseExplainer : MaskExplainer
{
    private readonly RiseOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public RiseExplainer(ImageModel model, RiseOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Masks, 1, nameof(RiseOptions.Masks));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.GridSize, 1, nameof(RiseOptions.GridSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.GridSize, 1000, nameof(RiseOptions.GridSize));
        if (_options.KeepProbability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(RiseOptions.KeepProbability),
                _options.KeepProbability,
                "The probability that a cell is kept must be between 0 and 1, both excluded.");
    }

    /// <inheritdoc/>
    public override string Name => "RISE";

    /// <summary>False: the values are means of probabilities.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(MethodContext picture)
    {
        var masks = new RiseMasks(_options, picture.Height, picture.Width);
        float[][] scores = picture.ScoreMasks(_options.Masks, masks.Generate, ScoredValue.Probability);
        float[][] sums = masks.Sum(scores, picture.CancellationToken);
        return picture.ForEachTarget(t => new SaliencyMap(picture.Width, picture.Height, sums[t]));
    }
}

/// <summary>
/// The random masks: a grid of s × s cells, each kept with probability p, enlarged by one cell, and cropped at a random
/// shift. Thread-safe.
/// </summary>
internal sealed class RiseMasks
{
    private readonly RiseOptions _options;
    private readonly int _cellHeight, _cellWidth, _height, _width;
    private readonly BilinearAxis[] _rows, _columns;

    public RiseMasks(RiseOptions options, int height, int width)
    {
        (_options, _height, _width) = (options, height, width);
        int s = options.GridSize;
        (_cellHeight, _cellWidth) = ((height + s - 1) / s, (width + s - 1) / s);
        _rows = Axes(s, height, _cellHeight);
        _columns = Axes(s, width, _cellWidth);
    }

    /// <summary>Writes mask i, H × W, 0…1.</summary>
    public void Generate(int i, Span<float> mask)
    {
        var random = new SeededRandom(_options.Seed, i);
        int cells = _options.GridSize * _options.GridSize;
        float[] scratch = ArrayPool<float>.Shared.Rent(cells + (_options.GridSize * _width));
        Span<float> grid = scratch.AsSpan(0, cells);
        for (int cell = 0; cell < cells; cell++)
            grid[cell] = random.NextDouble() < _options.KeepProbability ? 1 : 0;
        (int top, int left) = (random.Next(_cellHeight), random.Next(_cellWidth));
        Bilinear.Resize(grid, _rows[top], _columns[left], scratch.AsSpan(cells), mask);
        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>The masks, each times its score, over their number and p; one sum for each target's scores.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[][] Sum(float[][] scores, CancellationToken cancellationToken)
    {
        // The masks are made a second time rather than kept, and summed in order: the sum does not depend on the
        // workers.
        float[][] sums = [.. scores.Select(_ => new float[_height * _width])];
        var mask = new float[_height * _width];
        float scale = 1f / (_options.Masks * (float)_options.KeepProbability);
        for (int i = 0; i < _options.Masks; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Generate(i, mask);
            for (int t = 0; t < sums.Length; t++)
                TensorPrimitives.MultiplyAdd(mask, scores[t][i] * scale, sums[t], sums[t]);
        }
        return sums;
    }

    /// <summary>One axis per shift: s cells enlarged to (s + 1) cells' length, then cropped.</summary>
    private static BilinearAxis[] Axes(int cells, int length, int cellLength)
    {
        double scale = (double)cells / ((cells + 1) * cellLength);
        return [.. Enumerable.Range(0, cellLength).Select(
            shift => BilinearAxis.At(cells, length, x => ((x + shift + 0.5) * scale) - 0.5))];
    }
}
