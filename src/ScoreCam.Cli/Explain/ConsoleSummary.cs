using System.Globalization;
using Spectre.Console;

namespace ScoreCam.Cli.Explain;

/// <summary>Says in a few lines what was seen.</summary>
internal sealed class ConsoleSummary(IAnsiConsole console)
{
    private bool _begun;

    public void Add(LayerRun run, IReadOnlyList<string> pictures)
    {
        if (_begun)
            console.WriteLine();
        _begun = true;
        LayerInfo layer = run.Evidence.Layer;
        Line("image", run.Image.Name);
        for (int i = 0; i < run.Explanations.Count; i++)
        {
            Line("class", Describe(run.Explanations[i]));
            Line("picture", pictures[i]);
        }
        Line("layer", $"{layer.Name}: {layer.Channels} channels of {layer.Height} × {layer.Width}, {run.Evidence.DeadChannels} dead");
        Line("passes", string.Create(CultureInfo.InvariantCulture, $"{run.Evidence.Passes} in {run.Elapsed.TotalSeconds:0.00} s{Sampled(run)}"));
        foreach (string warning in run.Warnings)
            Line("warning", warning);
    }

    public void Written(string path) => Line("written", Path.GetFullPath(path));

    /// <summary>What was saved by not scoring every channel, and what it may have cost: of all classes the largest estimate.</summary>
    private static string Sampled(LayerRun run) =>
        run.Evidence.EstimatedError is null ? $" for {run.Evidence.Layer.Channels} channels, the others left out"
        : run.Evidence.PredictedChannels.Count == 0 ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $" for {run.Evidence.Layer.Channels} channels, {run.Evidence.PredictedChannels.Count} predicted; estimated error of the map {run.Explanations.Max(explanation => explanation.Layers[0].EstimatedError):0.000}");

    private static string Describe(Explanation explanation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{explanation.TargetName} ({explanation.ClassIndex}), probability {explanation.Probability:0.000}, logit {explanation.Logit:0.00}");

    private void Line(string what, string text) => console.WriteLine($"{what,-8} {text}");
}
