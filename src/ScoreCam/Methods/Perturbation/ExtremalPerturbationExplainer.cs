using System.Numerics.Tensors;
using ScoreCam.Execution;

namespace ScoreCam.Methods.Perturbation;

/// <summary>Options of extremal perturbation.</summary>
public sealed record ExtremalPerturbationOptions : MethodOptions
{
    /// <summary>
    /// The areas of the masks, as fractions of the picture, each between 0 and 1. The default is 0.025, 0.05, 0.1 and
    /// 0.2.
    /// </summary>
    public IReadOnlyList<float> Areas { get; init; } = [0.025f, 0.05f, 0.1f, 0.2f];

    /// <summary>The number of iterations, at least 1. The default is 800.</summary>
    public int Iterations { get; init; } = 800;

    /// <summary>
    /// The learning rate of gradient ascent, above 0. The default is 0.01. The momentum is 0.9 and the dampening is
    /// 0.9.
    /// </summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>
    /// The initial weight λ of the area constraint. It grows by 0.35 % in each iteration. The default is 300.
    /// </summary>
    public float AreaWeight { get; init; } = 300;

    /// <summary>
    /// The spacing of the mask's grid points, in pixels for an input of 224 pixels. The default is 7.
    /// </summary>
    public float Step { get; init; } = 7;

    /// <summary>The range σ of a grid point, in pixels for an input of 224 pixels. The default is 21.</summary>
    public float Sigma { get; init; } = 21;

    /// <summary>The largest σ of the blur pyramid, in pixels for an input of 224 pixels. The default is 20.</summary>
    public float PictureBlur { get; init; } = 20;

    /// <summary>Whether to mirror the picture in every other iteration. The default is true.</summary>
    public bool Jitter { get; init; } = true;

    /// <summary>
    /// The time for all targets of a call. When it is over, the current masks are the result, and a warning is added.
    /// The default is null, which means no limit.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }
}

/// <summary>
/// Extremal perturbation (Fong et al., "Understanding Deep Networks via Extremal Perturbations and Smooth Masks", ICCV
/// 2019). For each area a, it searches for the smooth mask of this area that keeps the target's logit largest when the
/// rest of the picture is blurred. It maximises S − λ mean((sort(M) − r_a)²), where r_a is 1 on a fraction a of the
/// pixels and 0 elsewhere. The raw map is the mean of the masks of all areas. Each iteration takes one gradient of the
/// whole network per target and area. <see cref="Explanation.Losses"/> contains the mean negative objective of each
/// iteration.
/// </summary>
/// <example>
/// <code>
/// ExtremalPerturbationOptions options = new() { Areas = [0.1f], Iterations = 300 };
/// Explanation why = new ExtremalPerturbationExplainer(model, options).Explain(picture);
/// </code>
/// </example>
public sealed class ExtremalPerturbationExplainer : InputExplainer
{
    private const float Momentum = 0.9f, Dampening = 0.9f;
    private const double WeightGrowth = 1.0035;

    private readonly ExtremalPerturbationOptions _options;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ExtremalPerturbationExplainer(ImageModel model, ExtremalPerturbationOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentNullException.ThrowIfNull(_options.Areas);
        if (_options.Areas.Count == 0 || _options.Areas.Any(area => area is not (> 0 and < 1)))
            throw new ArgumentException(
                $"{nameof(_options.Areas)} is [{string.Join(", ", _options.Areas)}]; expected at least one area, each "
                + "between 0 and 1.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Iterations, 1, nameof(_options.Iterations));
        RequirePositive(_options.LearningRate, nameof(_options.LearningRate));
        RequirePositive(_options.AreaWeight, nameof(_options.AreaWeight));
        RequirePositive(_options.Step, nameof(_options.Step));
        RequirePositive(_options.Sigma, nameof(_options.Sigma));
        RequirePositive(_options.PictureBlur, nameof(_options.PictureBlur));
        TimeShares.RequirePositive(_options.TimeBudget, nameof(_options.TimeBudget));
    }

    /// <inheritdoc/>
    public override string Name => "Extremal perturbation";

    private protected override MapRule MapRule => MapRule.UpsampleThenMinMax;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        var pyramid = new BlurPyramid(picture.Image, _options.PictureBlur * Scale(picture));
        picture.Call.Run.Expect(_options.Iterations * _options.Areas.Count * picture.Targets.Count);
        return picture.ForEachTarget(t => Optimise(picture, pyramid, t));
    }

    private RawMap Optimise(InputContext picture, BlurPyramid pyramid, int target)
    {
        TimeSpan? end = picture.EndOfShare(_options.TimeBudget, picture.Targets.Count, target);
        (double step, double sigma) = (_options.Step * Scale(picture), _options.Sigma * Scale(picture));
        AreaMask[] areas = [.. _options.Areas.Select(area =>
            new AreaMask(new SmoothMask(picture.Height, picture.Width, step, sigma), pyramid, area))];
        var losses = new List<float>(_options.Iterations);
        string[] warnings = [];
        double weight = _options.AreaWeight;
        int iteration = 0;
        for (; iteration < _options.Iterations && warnings is []; iteration++)
        {
            bool isMirrored = _options.Jitter && iteration % 2 == 0;
            new Gradients(picture.Call.Network, [picture.Targets[target]], picture.Call.Run).OfPictures(
                picture.Input, picture.Call.Values, areas.Length, isGuided: false,
                (a, input) => areas[a].WritePicture(input, isMirrored),
                (a, _, score, gradient) => areas[a].Take(score, gradient, isMirrored), isExpected: true);
            WorkerPool.Shared.Run(
                areas.Length, picture.Call.Network.Pool.Workers,
                a => areas[a].Step((float)weight, _options.LearningRate, Momentum, Dampening),
                picture.CancellationToken);
            losses.Add(areas.Average(area => area.Loss));
            weight *= WeightGrowth;
            if (picture.Call.Elapsed.Elapsed > end && iteration + 1 < _options.Iterations)
                warnings =
                    [$"The time budget ended after {iteration + 1} of {_options.Iterations} iterations: the map is "
                    + "that of the masks so far."];
        }

        var mean = new float[picture.Height * picture.Width];
        foreach (AreaMask area in areas)
            TensorPrimitives.MultiplyAdd(area.Mask, 1f / areas.Length, mean, mean);
        return new(new SaliencyMap(picture.Width, picture.Height, mean)) { Losses = losses, Warnings = warnings };
    }

    private static double Scale(InputContext picture) => Math.Min(picture.Height, picture.Width) / 224.0;

    private static void RequirePositive(float value, string name)
    {
        if (value is not (> 0 and <= float.MaxValue))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number above 0.");
    }
}
