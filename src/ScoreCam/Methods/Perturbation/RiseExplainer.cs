using System.Buffers;
using System.Numerics.Tensors;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods.Perturbation;

/// <summary>Options of RISE.</summary>
public sealed record RiseOptions : MaskOptions
{
    /// <summary>
    /// The number N of random masks, at least 1. The default is 1000; the paper uses 4000 to 8000. The noise is
    /// proportional to 1/√N.
    /// </summary>
    public int Masks { get; init; } = 1000;

    /// <summary>The number s of cells along each side of the grid, 1 to 1000. The default is 7.</summary>
    public int GridSize { get; init; } = 7;

    /// <summary>The probability p that a cell is kept, 0 &lt; p &lt; 1. The default is 0.5.</summary>
    public double KeepProbability { get; init; } = 0.5;

    /// <summary>The seed of the masks. The same seed gives the same map for any number of workers.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// RISE (Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018): the mean of
/// random masks, each weighted by the target's probability on the masked picture, divided by the expected mask. S =
/// 1/(N·p) Σ f(X ⊙ M_i) M_i. It needs no layer.
/// </summary>
public sealed class RiseExplainer : MaskExplainer
{
    private readonly RiseOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
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

    /// <summary>Writes mask i, height × width, 0…1.</summary>
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

    /// <summary>
    /// Returns the sum of the masks, each multiplied by its score, divided by N · p. There is one sum per target.
    /// </summary>
    /// <exception cref="OperationCanceledException">The explanation was cancelled.</exception>
    public float[][] Sum(float[][] scores, CancellationToken cancellationToken)
    {
        // The masks are generated again instead of kept. They are summed in order, so the sum does not depend on the
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

    /// <summary>One axis per shift: s cells enlarged to the length of s + 1 cells, then cropped.</summary>
    private static BilinearAxis[] Axes(int cells, int length, int cellLength)
    {
        double scale = (double)cells / ((cells + 1) * cellLength);
        return [.. Enumerable.Range(0, cellLength).Select(
            shift => BilinearAxis.At(cells, length, x => ((x + shift + 0.5) * scale) - 0.5))];
    }
}
