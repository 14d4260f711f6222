using System.CommandLine;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>The options that only Score-CAM has.</summary>
internal sealed class ScoreCamArguments
{
    public static Dictionary<string, ScoreCamPreset> Presets { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["paper"] = ScoreCamPreset.Paper,
        ["official"] = ScoreCamPreset.Official,
        ["pytorch-grad-cam"] = ScoreCamPreset.PytorchGradCam,
        ["torch-cam"] = ScoreCamPreset.TorchCam,
        ["increase-of-confidence"] = ScoreCamPreset.IncreaseOfConfidence,
        ["scorecam-plus-plus"] = ScoreCamPreset.ScoreCamPlusPlus,
    };

    private readonly Option<ScoreCamPreset> _preset =
        Options.Choice("--preset", "P", "Published form of Score-CAM. Default: paper.", Presets);

    private readonly Option<bool> _twoSided = new("--two-sided")
    {
        Description = "Subtract the score of the inverted mask (Poly-CAM); twice the passes.",
    };

    private readonly SamplingArguments _sampling = new();

    private Option[] All => [_preset, _twoSided, .. _sampling.All];

    public void AddTo(Command command) => command.Add(All);

    /// <summary>Returns the first of these options that was given; null if none was given.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <exception cref="UserException">The options contradict each other.</exception>
    public ScoreCamOptions Read(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(_preset),
        TwoSided = parsed.GetValue(_twoSided),
        Sampling = _sampling.Read(parsed),
    };
}

/// <summary>The options that select the channels to score.</summary>
internal sealed class SamplingArguments
{
    private enum Kind
    {
        All,
        Adaptive,
        TopVariance,
    }

    private static readonly Dictionary<string, Kind?> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["all"] = Kind.All,
        ["adaptive"] = Kind.Adaptive,
        ["top-variance"] = Kind.TopVariance,
    };

    private readonly Option<Kind?> _sampling = Options.Choice(
        "--sampling",
        "S",
        "Which channels are scored. adaptive: those that matter; the scores of the others are predicted. top-variance: "
        + "the --max-passes channels of largest variance. Default: all, or adaptive with any of the limits below.",
        Kinds);

    private readonly Option<int?> _maxPasses = Options.Count(
        "--max-passes", "N", "Limit of masked pictures per image and layer. Implies --sampling adaptive.");

    private readonly Option<float?> _tolerance = Options.Fraction(
        "--tolerance",
        "T",
        "Stop when the estimated error of the map (0…1) is at most T. Implies --sampling adaptive, where the default "
        + "is 0.05.");

    private readonly Option<TimeSpan?> _timeBudget = Options.Duration(
        "--time-budget",
        "TIME",
        "Time per image and layer, as 500ms or 2s; gives the best map until then. Implies --sampling adaptive.");

    public IEnumerable<Option> All => [_sampling, _maxPasses, _tolerance, _timeBudget];

    /// <exception cref="UserException">The options contradict each other.</exception>
    public ChannelSampling Read(ParseResult parsed)
    {
        int? maxPasses = parsed.GetValue(_maxPasses);
        float? tolerance = parsed.GetValue(_tolerance);
        TimeSpan? timeBudget = parsed.GetValue(_timeBudget);
        bool limited = maxPasses is not null || tolerance is not null || timeBudget is not null;
        switch (parsed.GetValue(_sampling) ?? (limited ? Kind.Adaptive : Kind.All))
        {
            case Kind.All when limited:
                throw new UserException(
                    "--sampling all scores every channel: leave out --max-passes, --tolerance and --time-budget, or "
                    + "take --sampling adaptive");
            case Kind.All:
                return ChannelSampling.All;
            case Kind.TopVariance when maxPasses is null || tolerance is not null || timeBudget is not null:
                throw new UserException(
                    "--sampling top-variance takes --max-passes N, the number of channels, and no other limit");
            case Kind.TopVariance:
                return ChannelSampling.TopVariance(maxPasses.Value);
            case Kind.Adaptive when maxPasses is 1:
                throw new UserException(
                    "--max-passes takes at least 2 with adaptive sampling: one for all dead channels, and one for a "
                    + "live one");
            default:
                return ChannelSampling.Adaptive(maxPasses, tolerance, timeBudget);
        }
    }
}
