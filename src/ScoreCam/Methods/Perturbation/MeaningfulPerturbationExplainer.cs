using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>Options of meaningful perturbation.</summary>
public sealed record MeaningfulPerturbationOptions : MethodOptions
{
    /// <summary>
    /// The initial value of every cell, 0…1. If the value is 1 and the network is very confident, the gradient is zero
    /// and the mask never changes. The default is null, which starts as in the paper: 0 inside the smallest central
    /// circle that removes 99 % of the probability, and 1 outside it.
    /// </summary>
    public float? Start { get; init; }

    /// <summary>The number of iterations of Adam, at least 1. The default is 300.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>The learning rate of Adam, above 0. The default is 0.1.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>
    /// λ₁, the weight of the masked area, scaled for the sum over 28 × 28 cells; at least 0. The default is 1e-4.
    /// </summary>
    public float AreaWeight { get; init; } = 1e-4f;

    /// <summary>λ₂, the weight of the mask's variation; at least 0. The default is 1e-2.</summary>
    public float VariationWeight { get; init; } = 1e-2f;

    /// <summary>β, the power of the variation; at least 1. The default is 3.</summary>
    public float VariationPower { get; init; } = 3;

    /// <summary>
    /// The side of a mask cell, in pixels of the input; at least 1. The default is 8, which gives 28 × 28 cells for an
    /// input of 224 pixels.
    /// </summary>
    public int CellSize { get; init; } = 8;

    /// <summary>
    /// The σ of the Gaussian that smooths the upsampled mask, in pixels for an input of 224 pixels; at least 0. The
    /// default is 4.
    /// </summary>
    public float MaskBlur { get; init; } = 4;

    /// <summary>
    /// The σ of the Gaussian that blurs the picture, in pixels for an input of 224 pixels; above 0. The default is 10.
    /// </summary>
    public float PictureBlur { get; init; } = 10;

    /// <summary>
    /// The maximum random shift of the picture in each iteration, in pixels; at least 0. The default is 4.
    /// </summary>
    public int Jitter { get; init; } = 4;

    /// <summary>The seed of the shifts. The same seed gives the same mask.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The time for all targets of a call. When it is over, the best mask so far is the result, and a warning is added.
    /// The default is null, which means no limit.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }
}

/// <summary>
/// Meaningful perturbation (Fong and Vedaldi, "Interpretable Explanations of Black Boxes by Meaningful Perturbation",
/// ICCV 2017). It searches for the smallest smooth mask m whose blur removes the target's probability. It minimises λ₁
/// Σ |1 − m| + λ₂ Σ (d_r² + d_c²)^(β/2) + p(X ⊙ M + blur(X) ⊙ (1 − M)) with Adam, where M = Gaussian(Up(m)). The raw
/// map is 1 − M. Each iteration takes one forward pass and one gradient of the whole network per target.
/// <see cref="Explanation.Losses"/> contains the loss of each iteration.
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

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
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
        TimeShares.RequirePositive(_options.TimeBudget, nameof(_options.TimeBudget));
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
        var time = new SharedTime(
            picture.EndOfShare(_options.TimeBudget, shares: 1, done: 0), picture.Call.Elapsed, maps.Length);
        // The targets are optimised independently of each other.
        WorkerPool.Shared.Run(
            maps.Length,
            picture.Call.Network.Pool.Workers,
            t =>
            {
                using SharedTime.Turn turn = time.Begin();
                maps[t] = Optimise(picture, problem, t, turn);
            },
            picture.CancellationToken);
        return maps;
    }

    private RawMap Optimise(InputContext picture, PerturbationProblem problem, int target, SharedTime.Turn turn)
    {
        float[] cells = problem.Start(target), gradient = new float[cells.Length];
        var adam = new Adam(cells.Length, _options.LearningRate);
        var losses = new List<float>(_options.Iterations + 1);
        (float best, float[] bestCells) = (float.MaxValue, cells);
        for (int iteration = 0; iteration < _options.Iterations; iteration++)
        {
            PerturbationLoss loss = problem.Evaluate(target, cells, iteration, gradient);
            losses.Add(loss.Total);
            if (loss.Total < best)
                (best, bestCells) = (loss.Total, (float[])cells.Clone());
            if (iteration + 1 < _options.Iterations && turn.IsOver)
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
