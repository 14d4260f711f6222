using System.CommandLine;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary><c>scorecam compare</c>: its options.</summary>
internal static class CompareCommand
{
    private static readonly string[] DefaultMetrics =
        ["average-drop", "average-gain"], DefaultBoxMetrics = ["energy-in-box", "pointing-game"];

    public static Command Create()
    {
        string preprocessings = string.Join(", ", ModelArguments.Preprocessings.Keys);
        string metricNames = string.Join(", ", Evaluation.Metric.All.Select(metric => metric.Name));
        Option<string?> images =
            Options.Text("--images", "DIR", "Folder of pictures to compare on; subfolders are included.");
        Option<string[]> pictures = Options.Many("--image", "I", "Single pictures to compare on.");
        Option<string?> boxes = Options.Text(
            "--boxes", "CSV",
            "Classes and boxes: file,class_index,class_name,xmin,ymin,xmax,ymax. The corners may be empty. "
            + "Pictures are stretched to the input, so that no box is cropped.");
        Option<string?> groups =
            Options.Text("--groups", "FILE.json", "Groups of classes: {\"dogs\": [\"beagle\", \"collie\"]}.");
        Option<string[]> models =
            Options.Many("--model", "M", "Networks to compare: .onnx files or folders. Default: the embedded one.");
        Option<string[]> names = Options.Many("--name", "NAME",
            "Short names of the networks, one for each. Default: the names of their files.");
        Option<string[]> preprocessing = Options.Many(
            "--preprocessing", "P",
            $"How pictures become the input: one for all networks, or one for each. {preprocessings}; auto reads "
            + "it beside the model. Default: auto.");
        Option<string[]> labels = Options.Many(
            "--labels", "FILE",
            "Names of the classes: one file for all networks, or one for each; auto reads them beside the model. "
            + "Default: auto.");
        Option<string[]> methods = MethodArguments.Several();
        Option<string[]> metrics = Options.Many(
            "--metric", "NAME",
            $"Metrics to compute for every map: {metricNames}; none computes no metric. Default: "
            + $"{string.Join(", ", DefaultMetrics)}, and with boxes {string.Join(", ", DefaultBoxMetrics)}.");
        Option<string[]> layers = Options.Many(
            "--layer", "L", "Layers to compare, by tensor or node name. Default: the last convolutional block.");
        Option<string?> className = Options.Text(
            "--class", "NAME|INDEX",
            "The class to explain in every network. Default: the class of the boxes file, else the predicted class.");
        Option<int?> limit = Options.Limit();
        Option<string?> shard = Options.Shard();
        Option<int> seed = Options.Seed();
        Option<int?> batch = Options.Batch();
        Option<int?> workers = Options.Workers();
        Option<string?> json = Options.Text("--json", "FILE", "Write everything as JSON.");
        Option<string?> figure = Options.Text("--out", "FILE.png",
            "Write one picture for print: every map, and where it differs from the first.");
        Option<string?> report =
            Options.Text("--report", "FILE.html", "Write an HTML page that shows everything side by side.");

        Command command = new(
            "compare",
            "Compares networks, methods or layers on the same pictures: how often they are right, where they "
            + "agree, and where they look. An interrupted run resumes: its results are in FILE.records.jsonl, "
            + "beside the output.");
        command.Add(
            images, pictures, boxes, groups, models, names, preprocessing, labels, methods, metrics, layers, className,
            limit, shard,
            seed, batch, workers, json, figure, report);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? boxesFile = parsed.GetValue(boxes);
            CompareSettings settings = new()
            {
                Pictures = parsed.GetRequiredValue(pictures),
                Images = parsed.GetValue(images),
                Boxes = boxesFile,
                Groups = parsed.GetValue(groups),
                Models = parsed.GetRequiredValue(models),
                Names = parsed.GetRequiredValue(names),
                Preprocessing = parsed.GetRequiredValue(preprocessing),
                Labels = parsed.GetRequiredValue(labels),
                Methods = Method.ParseMany(parsed.GetRequiredValue(methods)),
                Metrics = Metrics(parsed.GetRequiredValue(metrics), boxesFile is not null, parsed.GetValue(seed)),
                Layers = parsed.GetRequiredValue(layers),
                Class = parsed.GetValue(className),
                Limit = parsed.GetValue(limit),
                Shard = parsed.GetValue(shard) is { } part ? Shard.Parse(part) : Shard.Whole,
                Seed = parsed.GetValue(seed),
                Batch = parsed.GetValue(batch),
                Workers = parsed.GetValue(workers),
                Outputs = new()
                {
                    Json = parsed.GetValue(json),
                    Figure = parsed.GetValue(figure),
                    Report = parsed.GetValue(report),
                },
            };
            TextWriter error = parsed.InvocationConfiguration.Error;
            await new CompareRun(settings, parsed.InvocationConfiguration.Output,
                error).ExecuteAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static IReadOnlyList<Evaluation.Metric> Metrics(string[] names, bool hasBoxes, int seed)
    {
        if (names is ["none"])
            return [];
        string[] defaults = hasBoxes ? [.. DefaultMetrics, .. DefaultBoxMetrics] : DefaultMetrics;
        return EvaluateSettings.MetricsOf(names.Length == 0 ? defaults : names, hasBoxes, seed);
    }
}
