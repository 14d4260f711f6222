using System.CommandLine;
using System.Numerics;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Images;

namespace ScoreCam.Cli;

/// <summary>The options that select the model and control how it is loaded.</summary>
internal sealed class ModelArguments
{
    public static Dictionary<string, Preprocessing?> Preprocessings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["imagenet"] = Preprocessing.Imagenet,
        ["inception"] = Preprocessing.Inception,
        ["unit"] = Preprocessing.Unit,
        ["byte"] = Preprocessing.Byte,
        ["caffe"] = Preprocessing.Caffe,
    };

    private static readonly Dictionary<string, Fit?> Fits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["stretch"] = Fit.Stretch,
        ["crop"] = Fit.CenterCrop,
        ["letterbox"] = Fit.Letterbox,
    };

    private static readonly Dictionary<string, ScoreKind?> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["softmax"] = ScoreKind.Softmax,
        ["sigmoid"] = ScoreKind.Sigmoid,
        ["value"] = ScoreKind.Value,
    };

    private static readonly Dictionary<string, TensorLayout?> Layouts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nchw"] = TensorLayout.Nchw,
        ["nhwc"] = TensorLayout.Nhwc,
    };

    private readonly Option<string?> _model = Options.Text(
        "--model",
        "M",
        "An .onnx file, or a folder with model.onnx and its sidecars. Default: the embedded SqueezeNet 1.1.");

    private readonly Option<string?> _labels = Options.Text(
        "--labels",
        "FILE",
        "Names of the classes: text, one per line, or JSON. Default: config.json beside the model.");

    private readonly Option<string?> _output = Options.Text(
        "--output", "NAME", "The model's output with the class scores. Default: found in the graph.");

    private readonly Option<ScoreKind?> _scores = Options.Choice(
        "--scores",
        "KIND",
        "What the scores are: softmax for classes that exclude each other, sigmoid for independent ones, value for one "
        + "number. Default: found in the graph.",
        Kinds);

    private readonly Option<TensorLayout?> _layout = Options.Choice(
        "--layout", "L", "Order of the input's axes. Default: found in the graph.", Layouts);

    private readonly Option<Preprocessing?> _preprocessing = Options.Choice(
        "--preprocessing",
        "P",
        "How pictures become the input. Default: preprocessor_config.json beside the model.",
        Preprocessings);

    private readonly Option<(int Width, int Height)?> _size = Options.Size(
        "--size", "Size of the input, for a model that leaves it free. Default: as found, else the picture's own.");

    private readonly Option<Fit?> _fit = Options.Choice(
        "--fit", "F", "How a picture of another shape fits the input. Default: as found, else stretch.", Fits);

    private readonly Option<int?> _crop = Options.Count(
        "--crop", "N", "Resize the shorter side to N pixels, then cut out the centre. Implies --fit crop.");

    private readonly Option<Vector3?> _mean = Options.Color(
        "--mean", "Mean colour, on the scale 0…1 (0…255 after --preprocessing byte or caffe). Default: as found.");

    private readonly Option<Vector3?> _std = Options.Color(
        "--std", "Standard deviation of the colours, on the same scale. Default: as found.");

    public void AddTo(Command command) =>
        command.Add(
            _model, _labels, _output, _scores, _layout, _preprocessing, _size, _fit, _crop, _mean, _std);

    /// <summary>Returns the files that were named.</summary>
    public IReadOnlyList<string> Files(ParseResult parsed) =>
        [.. new[] { parsed.GetValue(_model), parsed.GetValue(_labels) }.OfType<string>()];

    /// <param name="parsed">The options.</param>
    /// <param name="batch">The number of pictures of a forward pass.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="keepsAll">Whether to stretch pictures, so that nothing is cropped.</param>
    /// <exception cref="UserException">The options contradict each other, or they do not fit the model.</exception>
    public ImageModel Load(ParseResult parsed, int? batch = null, int? workers = null, bool keepsAll = false)
    {
        if (parsed.GetValue(_crop) is not null && parsed.GetValue(_fit) is { } fit && fit != Fit.CenterCrop)
            throw new UserException("--crop cuts out the centre: leave out --fit, or take --fit crop");
        if (keepsAll && (parsed.GetValue(_crop) is not null || parsed.GetValue(_fit) is not (null or Fit.Stretch)))
            throw new UserException("--boxes stretches the pictures: leave out --fit and --crop");
        if (parsed.GetValue(_std) is { } std && Math.Min(std.X, Math.Min(std.Y, std.Z)) <= 0)
            throw new UserException("--std takes numbers above 0");
        string? labels = parsed.GetValue(_labels);
        ImageModel model = ImageModel.Load(parsed.GetValue(_model) ?? EmbeddedDefault.Model, new()
        {
            Preprocessing = parsed.GetValue(_preprocessing),
            ConfigurePreprocessing = found =>
                keepsAll ? BoxTable.KeepAll(Configure(found, parsed)) : Configure(found, parsed),
            Labels = labels is null ? null : ClassLabels.Load(labels),
            Output = parsed.GetValue(_output),
            ScoreKind = parsed.GetValue(_scores),
            Layout = parsed.GetValue(_layout),
            BatchSize = batch,
            Workers = workers,
        });
        RefuseOtherSize(model, parsed.GetValue(_size));
        return model;
    }

    private Preprocessing Configure(Preprocessing found, ParseResult parsed)
    {
        int? crop = parsed.GetValue(_crop);
        (int Width, int Height)? size = parsed.GetValue(_size);
        Fit fit = crop is null ? parsed.GetValue(_fit) ?? found.Fit : Fit.CenterCrop;
        return found with
        {
            Fit = fit,
            Width = size?.Width ?? found.Width,
            Height = size?.Height ?? found.Height,
            ShortestEdge = fit == Fit.CenterCrop ? crop ?? found.ShortestEdge : null,
            Mean = parsed.GetValue(_mean) ?? found.Mean,
            Std = parsed.GetValue(_std) ?? found.Std,
        };
    }

    private static void RefuseOtherSize(ImageModel model, (int Width, int Height)? size)
    {
        ImageInput input = model.Input;
        if (size is not { } wanted
            || ((input.Width ?? wanted.Width) == wanted.Width && (input.Height ?? wanted.Height) == wanted.Height))
            return;
        model.Dispose();
        string taken = $"{input.Width?.ToString() ?? "any"} × {input.Height?.ToString() ?? "any"}";
        throw new UserException(
            $"--size is {wanted.Width} × {wanted.Height}, and the network takes {taken} (width × height); "
            + "leave out --size");
    }
}
