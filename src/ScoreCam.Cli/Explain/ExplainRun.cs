using ScoreCam.Images;
using ScoreCam.Rendering;
using ScoreCam.Targets;
using Spectre.Console;

namespace ScoreCam.Cli.Explain;

/// <summary>One image explained at one layer, for every target.</summary>
internal sealed class ExplainedImage(ImageSource image, IReadOnlyList<Explanation> explanations)
{
    public ImageSource Image => image;

    public IReadOnlyList<Explanation> Explanations => explanations;

    /// <summary>An explanation that represents what all targets share: layer, passes and time.</summary>
    public Explanation Shared => explanations[0];

    /// <summary>The evidence of the layer; null for a method that reads no layer.</summary>
    public LayerEvidence? Evidence => Shared.Layers.Count == 0 ? null : Shared.Layers[0];

    public IEnumerable<string> Warnings =>
        explanations.SelectMany(explanation => explanation.Warnings).Distinct().Select(ErrorReport.InCommand);
}

/// <summary>Runs <c>scorecam explain</c>. All invalid requests are rejected before the first pass.</summary>
internal sealed class ExplainRun(ExplainSettings settings, TextWriter output, TextWriter error)
{
    public async Task ExecuteAsync(Func<ImageModel> load, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageSource> images = ImageSource.From(settings.Images, settings.Tensors);
        RefuseOverwriting(images);
        int runs = images.Count * settings.Layers.Count, maps = runs * settings.TargetCount;
        OverlayFiles overlays = new(settings.Out, maps, settings.Layers.Count > 1, images.Select(image => image.Path));
        using JsonReport? json = settings.Json is null ? null : new(settings.Json);
        using MapReport? map = settings.Map is null ? null : new(settings.Map);
        using FigureReport? figure = settings.Figure is { } path
            ? new(path, settings.Overlay, maps, namesImages: images.Count > 1)
            : null;
        IAnsiConsole console = Screen.Open(output);
        ConsoleSummary summary = new(console);

        await ProgressView.ShowAsync(console, error, runs, async nextRun =>
        {
            using ImageModel model = load();
            IReadOnlyList<Target> targets = settings.TargetsFor(model);
            IReadOnlyList<Explainer> explainers = settings.ExplainersFor(model);
            json?.Begin(model, settings);
            foreach (ImageSource image in images)
            {
                PreparedImage prepared = image.Prepare(model);
                foreach (Explainer explainer in explainers)
                {
                    IProgress<ExplainProgress>? progress = nextRun(image.Name);
                    ExplainedImage run = new(image, await Task.Run(
                        () => explainer.Explain(prepared, targets, progress, cancellationToken), cancellationToken));
                    json?.Add(run);
                    map?.Add(run);
                    figure?.Add(run);
                    summary.Add(run, [.. run.Explanations.Select(why => WriteOverlay(overlays, run, why))]);
                }
            }
        });
        json?.Complete();
        map?.Complete();
        figure?.Complete();
        foreach (string written in new[] { settings.Json, settings.Map, settings.Figure }.OfType<string>())
            summary.Written(written);
    }

    private string WriteOverlay(OverlayFiles overlays, ExplainedImage run, Explanation explanation)
    {
        string layer = run.Evidence?.Layer.Name ?? "";
        string path = overlays.PathFor(run.Image.Stem, explanation.TargetName, layer);
        using OutputFile file = OutputFile.Begin(path);
        Draw(explanation).SavePng(file.TemporaryPath);
        file.Commit();
        return path;
    }

    /// <summary>Draws the map over its picture. A tensor has no picture, so only its map is drawn.</summary>
    private RgbImage Draw(Explanation explanation)
    {
        if (explanation.Picture is not null)
            return explanation.Overlay(settings.Overlay);
        SaliencyMap map = explanation.Map;
        RgbImage black = new(map.Width, map.Height, new byte[3 * map.Width * map.Height]);
        OverlayOptions opaque = settings.Overlay with
        {
            Opacity = 1,
            OpacityFollowsMap = false,
            Signed = explanation.IsSigned,
        };
        return Overlay.Draw(black, map, opaque);
    }

    private void RefuseOverwriting(IReadOnlyList<ImageSource> images)
    {
        string?[] outputs = [settings.Out ?? OverlayFiles.DefaultFile, settings.Json, settings.Map, settings.Figure];
        string[] written = [.. outputs.OfType<string>()];
        if (written.DistinctBy(OutputFile.FullPath).Count() < written.Length)
            throw new UserException("--out, --json, --map and --figure must name different files");
        OutputFile.RefuseOverwriting([.. images.Select(image => image.Path), .. settings.Files], written);
    }
}
