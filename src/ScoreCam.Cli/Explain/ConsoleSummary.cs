using System.Globalization;
using Spectre.Console;

namespace ScoreCam.Cli.Explain;

/// <summary>Summarises the result in a few lines.</summary>
internal sealed class ConsoleSummary(IAnsiConsole console)
{
    private bool _begun;

    public void Add(ExplainedImage run, IReadOnlyList<string> pictures)
    {
        if (_begun)
            console.WriteLine();
        _begun = true;
        Line("image", run.Image.Name);
        for (int i = 0; i < run.Explanations.Count; i++)
        {
            Line("class", Describe(run.Explanations[i]));
            Line("picture", pictures[i]);
        }
        Line("method", run.Shared.Method);
        if (run.Evidence is { Layer: { } layer, DeadChannels: int dead })
            Line("layer", $"{layer.Name}: {layer.Channels} channels of {layer.Height} × {layer.Width}, {dead} dead");
        Line("cost", Cost(run));
        if (run.Explanations.Max(explanation => explanation.CompletenessError) is { } error)
            Line("check", string.Create(CultureInfo.InvariantCulture, $"the values miss their sum by {error:P2}"));
        foreach (string warning in run.Warnings)
            Line("warning", warning);
    }

    public void Written(string path) => Line("written", Path.GetFullPath(path));

    private static string Cost(ExplainedImage run)
    {
        Explanation shared = run.Shared;
        string gradients = shared.GradientPasses == 0 ? "" : $", {shared.GradientPasses} gradient passes";
        string seconds = shared.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        return $"{shared.Passes} passes{gradients} in {seconds} s{Sampled(run)}";
    }

    /// <summary>
    /// Describes the passes that sampling saved, and the largest error that it may have caused in any map.
    /// </summary>
    private static string Sampled(ExplainedImage run)
    {
        if (run.Evidence is not { } evidence || evidence.ChannelScores.Count == 0)
            return "";
        if (evidence.EstimatedError is null)
            return $" for {evidence.Layer.Channels} channels; the others are left out";
        if (evidence.PredictedChannels.Count == 0)
            return "";
        float? estimate = run.Explanations.Max(explanation => explanation.Layers[0].EstimatedError);
        return string.Create(
            CultureInfo.InvariantCulture,
            $" for {evidence.Layer.Channels} channels, {evidence.PredictedChannels.Count} predicted; "
            + $"estimated error of the map {estimate:0.000}");
    }

    private static string Describe(Explanation explanation)
    {
        string name = explanation.TargetName;
        return (explanation.Probability, explanation.Logit) switch
        {
            ({ } probability, { } logit) => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} ({explanation.ClassIndex}), probability {probability:0.000}, logit {logit:0.00}"),
            // A network that gives a value has one class and no probability.
            (null, { } value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.00}"),
            _ => name,
        };
    }

    private void Line(string what, string text) => console.WriteLine($"{what,-8} {text}");
}
