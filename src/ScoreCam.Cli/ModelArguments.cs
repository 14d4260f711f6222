using System.CommandLine;
using ScoreCam.Images;

namespace ScoreCam.Cli;

/// <summary>The options that say which model is loaded, and how; both commands have them.</summary>
internal sealed class ModelArguments
{
    public static Dictionary<string, Preprocessing?> Preprocessings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["imagenet"] = Images.Preprocessing.Imagenet,
        ["inception"] = Images.Preprocessing.Inception,
        ["unit"] = Images.Preprocessing.Unit,
        ["byte"] = Images.Preprocessing.Byte,
        ["caffe"] = Images.Preprocessing.Caffe,
    };

    public Option<string?> Model { get; } = Options.Text("--model", "M", "An .onnx file, or a folder with model.onnx and its sidecars. Default: the embedded SqueezeNet 1.1.");

    public Option<Preprocessing?> Preprocessing { get; } =
        Options.Choice("--preprocessing", "P", "How pictures become the input. Default: preprocessor_config.json beside the model.", Preprocessings);

    public Option<string?> Labels { get; } = Options.Text("--labels", "FILE", "Names of the classes: text, one per line, or JSON. Default: config.json beside the model.");

    public void AddTo(Command command) => command.Add(Model, Preprocessing, Labels);

    /// <summary>The files that were named.</summary>
    public IReadOnlyList<string> Files(ParseResult parsed) => [.. new[] { parsed.GetValue(Model), parsed.GetValue(Labels) }.OfType<string>()];

    public ImageModel Load(ParseResult parsed, int? batch = null, int? workers = null)
    {
        string? labels = parsed.GetValue(Labels);
        return ImageModel.Load(parsed.GetValue(Model) ?? EmbeddedDefault.Model, new()
        {
            Preprocessing = parsed.GetValue(Preprocessing),
            Labels = labels is null ? null : ClassLabels.Load(labels),
            BatchSize = batch,
            Workers = workers,
        });
    }
}
