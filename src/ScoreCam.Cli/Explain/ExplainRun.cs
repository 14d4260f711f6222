using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Rendering;
using ScoreCam.Targets;
using Spectre.Console;

namespace ScoreCam.Cli.Explain;

/// <summary><c>scorecam explain</c>: what it does. Everything that can be refused is refused before the first pass.</summary>
internal sealed class ExplainRun(ExplainSettings settings, TextWriter output)
{
    public async Task ExecuteAsync(Func<ImageModel> load, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageSource> images = ImageSource.From(settings.Images, settings.Tensors);
        RefuseOverwriting(images);
        int layerCount = Math.Max(1, settings.Layers.Count);
        OverlayFiles overlays = new(settings.Out, images.Count * layerCount * settings.TargetCount, layerCount > 1, images.Select(image => image.Path));
        using JsonReport? json = settings.Json is null ? null : new(settings.Json);
        using MapReport? maps = settings.Map is null ? null : new(settings.Map);
        using FigureReport? figure = settings.Figure is null ? null : new(settings.Figure, images.Count * layerCount * settings.TargetCount, images.Count > 1);
        IAnsiConsole console = Screen.Open(output);
        ConsoleSummary summary = new(console);

        using ImageModel model = load();
        IReadOnlyList<Target> targets = settings.TargetsFor(model);
        ScoreCamExplainer[] explainers = settings.Layers.Count == 0
            ? [new(model, settings.Options)]
            : [.. settings.Layers.Select(layer => new ScoreCamExplainer(model, settings.Options with { Layers = [layer] }))];
        json?.Begin(model, settings.Options);

        await ProgressView.ShowAsync(console, null, images.Count * layerCount, async nextRun =>
        {
            foreach (ImageSource image in images)
            {
                PreparedImage prepared = image.Prepare(model);
                foreach (ScoreCamExplainer explainer in explainers)
                {
                    IProgress<ExplainProgress>? progress = nextRun(image.Name);
                    IReadOnlyList<Explanation> explained = await Task.Run(() => explainer.Explain(prepared, targets, progress, cancellationToken), cancellationToken);
                    LayerRun run = new(image, [.. explained]);
                    json?.Add(run);
                    maps?.Add(run);
                    figure?.Add(run);
                    summary.Add(run, [.. run.Explanations.Select(explanation => WriteOverlay(overlays, run, explanation))]);
                }
            }
        });
        json?.Complete();
        maps?.Complete();
        figure?.Complete();
        foreach (string path in new[] { settings.Json, settings.Map, settings.Figure }.OfType<string>())
            summary.Written(path);
    }

    private static string WriteOverlay(OverlayFiles overlays, LayerRun run, Explanation explanation)
    {
        string path = overlays.PathFor(run.Image.Stem, explanation.TargetName, run.Evidence.Layer.Name);
        Picture(explanation).SavePng(path);
        return path;
    }

    /// <summary>The map over its picture; a tensor has none, so its map is shown in colours alone.</summary>
    private static RgbImage Picture(Explanation explanation)
    {
        SaliencyMap map = explanation.Map;
        return explanation.Picture is null
            ? Overlay.Draw(new RgbImage(map.Width, map.Height, new byte[3 * map.Width * map.Height]), map, new() { Opacity = 1 })
            : explanation.Overlay();
    }

    private void RefuseOverwriting(IReadOnlyList<ImageSource> images)
    {
        string[] written = [.. new[] { settings.Out ?? OverlayFiles.DefaultFile, settings.Json, settings.Map, settings.Figure }.OfType<string>()];
        if (written.DistinctBy(OutputFile.FullPath).Count() < written.Length)
            throw new UserException("--out, --json, --map and --figure must name different files");
        OutputFile.RefuseOverwriting([.. images.Select(image => image.Path), .. settings.Files], written);
    }
}
