using System.CommandLine;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>The options that say which channels are scored.</summary>
internal sealed class SamplingArguments
{
    private enum Kind
    {
        All,
        Adaptive,
        TopVariance,
    }

    private readonly Option<Kind?> _sampling = Options.Choice<Kind?>(
        "--sampling",
        "S",
        "Which channels are scored. adaptive: those that matter, the others are predicted; top-variance: the --max-passes of largest variance. Default: all, or adaptive with any of the limits below.",
        new Dictionary<string, Kind?>(StringComparer.OrdinalIgnoreCase) { ["all"] = Kind.All, ["adaptive"] = Kind.Adaptive, ["top-variance"] = Kind.TopVariance });

    private readonly Option<int?> _maxPasses = Options.Count("--max-passes", "N", "Masked pictures per image and layer; implies --sampling adaptive.");
    private readonly Option<float?> _tolerance = Options.Fraction("--tolerance", "T", "Stop when the estimated error of the map (0…1) is not above T; implies --sampling adaptive, whose default it is at 0.05.");
    private readonly Option<TimeSpan?> _timeBudget = Options.Duration("--time-budget", "TIME", "Time per image and layer, as 500ms or 2s: the best map until then; implies --sampling adaptive.");

    public void AddTo(Command command) => command.Add(_sampling, _maxPasses, _tolerance, _timeBudget);

    /// <exception cref="UserException">The options contradict each other.</exception>
    public ChannelSampling Read(ParseResult parsed)
    {
        (int? maxPasses, float? tolerance, TimeSpan? timeBudget) = (parsed.GetValue(_maxPasses), parsed.GetValue(_tolerance), parsed.GetValue(_timeBudget));
        bool limited = maxPasses is not null || tolerance is not null || timeBudget is not null;
        switch (parsed.GetValue(_sampling) ?? (limited ? Kind.Adaptive : Kind.All))
        {
            case Kind.All when limited:
                throw new UserException("--sampling all scores every channel: leave out --max-passes, --tolerance and --time-budget, or take --sampling adaptive");
            case Kind.All:
                return ChannelSampling.All;
            case Kind.TopVariance when maxPasses is null || tolerance is not null || timeBudget is not null:
                throw new UserException("--sampling top-variance takes --max-passes N, the number of channels, and no other limit");
            case Kind.TopVariance:
                return ChannelSampling.TopVariance(maxPasses.Value);
            default:
                return maxPasses is 1
                    ? throw new UserException("--max-passes takes at least 2 with adaptive sampling: one for all dead channels, and one for a live one")
                    : ChannelSampling.Adaptive(maxPasses, tolerance, timeBudget);
        }
    }
}
