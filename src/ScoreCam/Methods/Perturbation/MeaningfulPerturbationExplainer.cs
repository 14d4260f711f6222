using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>How the mask of meaningful perturbation is optimised.</summary>
public sealed record MeaningfulPerturbationOptions : MethodOptions
{
    /// <summary>
    /// The value of every cell at the start, 0…1. At 1, a network that is very sure gives no gradient, and the mask
    /// never moves. Default (null): as in the paper, 0 in the smallest circle in the middle that takes away 99 % of the
    /// probability, and 1 around it.
    /// </summary>
    public float? Start { get; init; }

    /// <summary>Iterations of Adam, 1 or more. Default: 300.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>Learning rate of Adam, above 0. Default: 0.1.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>
    /// λ₁, the weight of the masked area, as for the sum over 28 × 28 cells; at least 0. Default: 1e-4.
    /// </summary>
    public float AreaWeight { get; init; } = 1e-4f;

    /// <summary>λ₂, the weight of the mask's variation; at least 0. Default: 1e-2.</summary>
    public float VariationWeight { get; init; } = 1e-2f;

    /// <summary>β, the power of the variation; at least 1. Default: 3.</summary>
    public float VariationPower { get; init; } = 3;

    /// <summary>
    /// Side of a cell of the mask, in pixels of the input; at least 1. Default: 8, which gives 28 × 28 cells at 224.
    /// </summary>
    public int CellSize { get; init; } = 8;

    /// <summary>
    /// σ of the Gaussian that smooths the upsampled mask, in pixels of an input of 224; at least 0. Default: 4.
    /// </summary>
    public float MaskBlur { get; init; } = 4;

    /// <summary>σ of the Gaussian that blurs the picture, in pixels of an input of 224; above 0. Default: 10.</summary>
    public float PictureBlur { get; init; } = 10;

    /// <summary>Pixels by which the picture is shifted at random in each iteration; at least 0. Default: 4.</summary>
    public int Jitter { get; init; } = 4;

    /// <summary>Seed of the shifts. The same seed gives the same mask.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Time for all targets of a call; then the best mask so far is the result, with a warning. Default: none.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }
}

/// <summary>
/// Meaningful perturbation (Fong and Vedaldi, "Interpretable Explanations of Black Boxes by Meaningful Perturbation",
/// ICCV 2017). It looks for the smallest smooth mask m that blurs away the target's probability: it minimises
/// λ₁ Σ |1 − m| + λ₂ Σ (d_r² + d_c²)^(β/2) + p(X ⊙ M + blur(X) ⊙ (1 − M)), M = Gaussian(Up(m)), by Adam. The raw map is
/// 1 − M. Each iteration takes one forward pass and one gradient of the whole network for each target.
/// <see cref="Explanation.Losses"/> has the loss of each iteration.
/// </summary>
/// <example>
/// <code>
/// MeaningfulPerturbationOptions options = new() { TimeBudget = TimeSpan.FromSeconds(20) };
/// Explanation why = new MeaningfulPerturbationExplainer(model, options).Explain(picture);
/// </code>
/// </example>
public sealed class MeaningfulPerturbationExplainer : InputExplainer
{
    private readonly MeaningfulPerturbationOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public MeaningfulPerturbationExplainer(ImageModel model, MeaningfulPerturbationOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Iterations, 1, nameof(_options.Iterations));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.CellSize, 1, nameof(_options.CellSize));
        ArgumentOutOfRangeException.ThrowIfNegative(_options.Jitter, nameof(_options.Jitter));
        Require(_options.LearningRate, nameof(_options.LearningRate), float.Epsilon);
        Require(_options.AreaWeight, nameof(_options.AreaWeight), 0);
        if (_options.Start is { } start and not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(_options.Start), start, "Expected 0 to 1, or null.");
        Require(_options.VariationWeight, nameof(_options.VariationWeight), 0);
        Require(_options.VariationPower, nameof(_options.VariationPower), 1);
        Require(_options.MaskBlur, nameof(_options.MaskBlur), 0);
        Require(_options.PictureBlur, nameof(_options.PictureBlur), float.Epsilon);
        if (_options.TimeBudget is { } budget && budget <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(
                nameof(_options.TimeBudget), budget, "The time budget must be positive, or null for none.");
    }

    /// <inheritdoc/>
    public override string Name => "Meaningful perturbation";

    private protected override MapRule MapRule => MapRule.UpsampleThenMinMax;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        var problem = new PerturbationProblem(picture, _options);
        picture.Call.Run.Expect(2 * _options.Iterations * picture.Targets.Count);
        var maps = new RawMap[picture.Targets.Count];
        // Targets do not wait for one another.
        WorkerPool.Shared.Run(
            maps.Length, picture.Call.Network.Pool.Workers, t => maps[t] = Optimise(picture, problem, t),
            picture.CancellationToken);
        return maps;
    }

    private RawMap Optimise(InputContext picture, PerturbationProblem problem, int target)
    {
        float[] cells = problem.Start(target), gradient = new float[cells.Length];
        var adam = new Adam(cells.Length, _options.LearningRate);
        var losses = new List<float>(_options.Iterations + 1);
        (float best, float[] bestCells) = (float.MaxValue, cells);
        TimeSpan? end = _options.TimeBudget / picture.SweepsLeft + picture.Call.Elapsed.Elapsed;
        for (int iteration = 0; iteration < _options.Iterations; iteration++)
        {
            PerturbationLoss loss = problem.Evaluate(target, cells, iteration, gradient);
            losses.Add(loss.Total);
            if (loss.Total < best)
                (best, bestCells) = (loss.Total, (float[])cells.Clone());
            if (picture.Call.Elapsed.Elapsed > end)
                return Result(problem, bestCells, losses, $"The time budget ended after {iteration + 1} of "
                    + $"{_options.Iterations} iterations: the map is that of the smallest loss so far.");
            adam.Step(cells, gradient);
            TensorPrimitives.Clamp(cells, 0f, 1f, cells);
        }
        losses.Add(problem.Loss(target, cells).Total);
        return Result(problem, cells, losses);
    }

    private static RawMap Result(PerturbationProblem problem, float[] cells, List<float> losses,
        params string[] warnings)
    {
        float[] map = problem.Removed(cells);
        return new(new SaliencyMap(problem.Width, problem.Height, map)) { Losses = losses, Warnings = warnings };
    }

    private static void Require(float value, string name, float least)
    {
        if (!float.IsFinite(value) || value < least)
            throw new ArgumentOutOfRangeException(
                name, value, least == 0 ? "Expected 0 or more." : least == 1 ? "Expected 1 or more."
                    : "Expected more than 0.");
    }
}
