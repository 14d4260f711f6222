using System.CommandLine;
using ScoreCam.Rendering;

namespace ScoreCam.Cli.Explain;

/// <summary><c>scorecam explain</c>: its options.</summary>
internal sealed class ExplainCommand
{
    private static readonly Dictionary<string, Colormap?> Colormaps = new(StringComparer.OrdinalIgnoreCase)
    {
        ["turbo"] = Colormap.Turbo,
        ["viridis"] = Colormap.Viridis,
        ["inferno"] = Colormap.Inferno,
        ["jet"] = Colormap.Jet,
        ["diverging"] = Colormap.Diverging,
    };

    private readonly ModelArguments _model = new();
    private readonly MethodArguments _method = new();

    private readonly Option<string[]> _images = Options.Many(
        "--image", "I", "Pictures to explain (PNG, JPEG, …). Default: the embedded photograph.");

    private readonly Option<string[]> _tensors = Options.Many(
        "--tensor", "X.npy", "Preprocessed float32 images × channels × height × width.");

    private readonly Option<string[]> _classes = Options.Many(
        "--class", "NAME|INDEX", "Classes to explain; name:7 means the class called 7. Default: the predicted one.");

    private readonly Option<int?> _top = Options.Count(
        "--top", "N", "Explain the N best classes of each image (after those of --class).");

    private readonly Option<int?> _batch = Options.Batch();
    private readonly Option<int?> _workers = Options.Workers();

    private readonly Option<string?> _out = Options.Text(
        "--out",
        "FILE.png|FOLDER",
        "Path of the overlays: one file, or a folder of image-class[-layer].png. Default: explanation.png, or the "
        + "folder explanation for several.");

    private readonly Option<Colormap?> _colormap = Options.Choice(
        "--colormap", "C", "Colours of the map. Default: turbo, or diverging with --signed.", Colormaps);

    private readonly Option<float?> _opacity = Options.Fraction(
        "--opacity", "X", "Share of the map's colour in the overlay, above 0 and at most 1.");

    private readonly Option<string?> _json = Options.Text("--json", "FILE", "Write maps, scores and weights as JSON.");

    private readonly Option<string?> _map = Options.Text(
        "--map", "FILE.npy", "Write the normalised maps, float32 runs × targets × height × width.");

    private readonly Option<string?> _figure = Options.Text(
        "--figure",
        "FILE.png",
        "Write one figure: original, map and overlay of every image, class and layer, with labels and colour scale.");

    public static Command Create()
    {
        ExplainCommand options = new();
        Command command = new(
            "explain", "Explains pictures: writes an overlay for each image, class and layer, and says what was seen.");
        command.Add(options._images, options._tensors, options._classes, options._top);
        options._model.AddTo(command);
        options._method.AddTo(command);
        command.Add(options._batch, options._workers, options._out, options._colormap, options._opacity);
        command.Add(options._json, options._map, options._figure);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            ImageModel Load() =>
                options._model.Load(parsed, parsed.GetValue(options._batch), parsed.GetValue(options._workers));
            ExplainRun run = new(options.Read(parsed), streams.Output, streams.Error);
            await run.ExecuteAsync(Load, cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <exception cref="UserException">The options contradict each other.</exception>
    private ExplainSettings Read(ParseResult parsed)
    {
        (Method method, IReadOnlyList<MethodSettings> layers) = _method.Read(parsed);
        return new()
        {
            Images = parsed.GetRequiredValue(_images),
            Tensors = parsed.GetRequiredValue(_tensors),
            Files = _model.Files(parsed),
            Classes = parsed.GetRequiredValue(_classes),
            Top = parsed.GetValue(_top),
            Method = method,
            Layers = layers,
            Overlay = ReadOverlay(parsed),
            Out = parsed.GetValue(_out),
            Json = parsed.GetValue(_json),
            Map = parsed.GetValue(_map),
            Figure = parsed.GetValue(_figure),
        };
    }

    private OverlayOptions ReadOverlay(ParseResult parsed)
    {
        OverlayOptions overlay = new() { Colormap = parsed.GetValue(_colormap) };
        return parsed.GetValue(_opacity) is { } opacity ? overlay with { Opacity = opacity } : overlay;
    }
}
