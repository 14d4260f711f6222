using System.CommandLine;
using System.Globalization;
using ScoreCam.Export;
using ScoreCam.IO;

namespace ScoreCam.Cli.Export;

/// <summary><c>scorecam export</c>: exports a model that explains itself.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, ExportMethod> Methods = new()
    {
        ["grad-cam"] = ExportMethod.GradCam,
        ["hires-cam"] = ExportMethod.HiResCam,
        ["layer-cam"] = ExportMethod.LayerCam,
        ["cam"] = ExportMethod.Cam,
        ["recipro-cam"] = ExportMethod.ReciproCam,
    };

    public static Command Create()
    {
        ModelArguments arguments = new();
        Option<string> method = new("--method")
        {
            Description = $"The method: {string.Join(", ", Methods.Keys)}. Default: grad-cam.",
            DefaultValueFactory = _ => "grad-cam",
        };
        Option<string?> layer = new("--layer") { Description = "The layer. Default: the last convolutional block." };
        Option<string> output = new("--out") { Description = "The .onnx file to write.", Required = true };
        Option<bool> classInput = new("--class-input")
        {
            Description = "Add the input class_index, int64: the class to explain, or -1 for the predicted one.",
        };
        Option<bool> raw = new("--raw-map")
        {
            Description = "Add the output saliency_raw, the map before ReLU and normalisation.",
        };
        Command command = new("export", "Writes a copy of the model with the output saliency_map.");
        arguments.AddTo(command);
        command.Add(method, layer, output, classInput, raw);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            using ImageModel model = arguments.Load(parsed);
            SelfExplainingOptions options = new()
            {
                Method = MethodOf(parsed.GetValue(method)!),
                Layer = parsed.GetValue(layer),
                ClassInput = parsed.GetValue(classInput),
                RawMap = parsed.GetValue(raw),
            };
            SelfExplainingResult result = model.Export(path, options);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {result.Bytes / 1000.0:#,0} kB, {result.AddedBytes / 1000.0:#,0} kB more than the "
                + $"model. The original outputs are kept bit for bit. The map differs from the library's by at most "
                + $"{result.LargestDifference:g1}."));
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExportMethod MethodOf(string name) => Methods.TryGetValue(name, out ExportMethod method) ? method
        : throw new UserException($"the method '{name}' cannot be exported"
            + (Suggestion.DidYouMean(name, Methods.Keys) ?? $"; methods are {string.Join(", ", Methods.Keys)}"));
}
