using System.CommandLine;

namespace ScoreCam.Cli.Evaluate;

/// <summary><c>scorecam evaluate</c>: its options.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        ModelArguments model = new();
        Option<string> images = new("--images")
        {
            Description = "Folder of pictures; subfolders are included.",
            HelpName = "DIR",
            Required = true
        };
        Option<string?> boxes = Options.Text("--boxes", "CSV",
            "Classes and boxes: file,class_index,class_name,xmin,ymin,xmax,ymax. Pictures are stretched to the "
            + "input, so that no box is cropped. Default: the predicted class is explained.");
        Option<string[]> methods = MethodArguments.Several(" The controls are always there.");
        Option<string[]> metrics =
            Options.Many("--metric", "NAME",
            $"Metrics, or all. Default: all that apply. "
            + $"{string.Join(", ", Evaluation.Metric.All.Select(metric => metric.Name))}.");
        Option<int?> limit = Options.Limit();
        Option<string?> shard = Options.Shard();
        Option<int> seed = Options.Seed();
        Option<bool> sanity = new("--sanity")
        {
            Description =
            "Also randomise the network's weights layer by layer and compare the maps, on the first picture."
        };
        Option<int?> batch = Options.Batch();
        Option<int?> workers = Options.Workers();
        Option<string?> json = Options.Text("--json", "FILE", "Write everything as JSON.");
        Option<string?> csv = Options.Text("--csv", "FILE", "Write one row per picture, method and metric.");
        Option<string?> report =
            Options.Text("--report", "FILE.html",
            "Write an HTML page with tables, curves and pictures.");

        Command command = new("evaluate",
            "Measures how well maps explain a model, method by method, over a folder of pictures. An interrupted run "
            + "resumes: its results are in FILE.records.jsonl, beside the output.");
        model.AddTo(command);
        command.Add(images, boxes, methods, metrics, limit, shard, seed, sanity, batch, workers, json, csv, report);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            EvaluateSettings settings = new()
            {
                Images = parsed.GetRequiredValue(images),
                Files = model.Files(parsed),
                Boxes = parsed.GetValue(boxes),
                Methods = EvaluateSettings.MethodsOf(parsed.GetRequiredValue(methods)),
                Metrics = EvaluateSettings.MetricsOf(parsed.GetRequiredValue(metrics),
                    parsed.GetValue(boxes) is not null, parsed.GetValue(seed)),
                Limit = parsed.GetValue(limit),
                Shard = parsed.GetValue(shard) is { } part ? Shard.Parse(part) : Shard.Whole,
                Seed = parsed.GetValue(seed),
                Sanity = parsed.GetValue(sanity),
                Outputs = new()
                {
                    Json = parsed.GetValue(json),
                    Csv = parsed.GetValue(csv),
                    Report = parsed.GetValue(report)
                },
            };
            await new EvaluateRun(settings, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
                .ExecuteAsync(() => model.Load(
                    parsed, parsed.GetValue(batch), parsed.GetValue(workers), keepsAll: settings.Boxes is not null),
                    cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
