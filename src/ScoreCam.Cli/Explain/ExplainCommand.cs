using System.CommandLine;

namespace ScoreCam.Cli.Explain;

/// <summary><c>scorecam explain</c>: its options.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        ModelArguments model = new();
        Option<string[]> images = Options.Many("--image", "I", "Pictures to explain (PNG, JPEG, …). Default: the embedded photograph.");
        Option<string[]> tensors = Options.Many("--tensor", "X.npy", "Preprocessed float32 images × channels × height × width.");
        Option<string[]> classes = Options.Many("--class", "NAME|INDEX", "Classes to explain; name:7 means the class called 7. Default: the predicted one.");
        Option<int?> top = Options.Count("--top", "N", "Explain the N best classes of each image (after those of --class).");
        Option<string[]> layers = Options.Many("--layer", "L", "Layers to explain, by tensor or node name (see scorecam inspect). Default: the last convolutional block.");
        ScoreCamArguments how = new();
        Option<int?> batch = Options.Count("--batch", "B", "Masked pictures per run of the network.");
        Option<int?> workers = Options.Count("--workers", "W", "Batches in flight at once.");
        Option<string?> place = Options.Text(
            "--out", "FILE.png|FOLDER", "Where the overlays go: one file, or a folder of image-class[-layer].png. Default: explanation.png, or the folder explanation for several.");
        Option<string?> json = Options.Text("--json", "FILE", "Write maps, scores and weights as JSON.");
        Option<string?> map = Options.Text("--map", "FILE.npy", "Write the normalised maps, float32 runs × targets × height × width.");
        Option<string?> figure = Options.Text("--figure", "FILE.png", "Write one picture for a page: original, map and overlay of every image, class and layer, with labels and the colour scale.");

        Command command = new("explain", "Explains pictures: writes an overlay for each image, class and layer, and says what was seen.");
        model.AddTo(command);
        command.Add(images, tensors, classes, top, layers, batch, workers, place, json, map, figure);
        how.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ExplainSettings settings = new()
            {
                Images = parsed.GetRequiredValue(images),
                Tensors = parsed.GetRequiredValue(tensors),
                Files = model.Files(parsed),
                Classes = parsed.GetRequiredValue(classes),
                Top = parsed.GetValue(top),
                Layers = parsed.GetRequiredValue(layers),
                Options = how.Read(parsed),
                Out = parsed.GetValue(place),
                Json = parsed.GetValue(json),
                Map = parsed.GetValue(map),
                Figure = parsed.GetValue(figure),
            };
            await new ExplainRun(settings, parsed.InvocationConfiguration.Output)
                .ExecuteAsync(() => model.Load(parsed, parsed.GetValue(batch), parsed.GetValue(workers)), cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
