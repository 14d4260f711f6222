using System.CommandLine;

namespace ScoreCam.Cli.Compare;

/// <summary><c>scorecam compare</c>: its options.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Option<string[]> images = Options.Many("--image", "I", "Pictures to compare on.");
        Option<string[]> models = Options.Many("--model", "M", "Models to compare. Default: the embedded SqueezeNet 1.1.");
        Option<string[]> preprocessing = Options.Many("--preprocessing", "P", $"How pictures become the input: one for all models, or one each. {string.Join(", ", ModelArguments.Preprocessings.Keys)}; auto reads it beside the model. Default: auto.");
        Option<string[]> labels = Options.Many("--labels", "FILE", "Names of the classes: one file for all models, or one each; auto reads them beside the model. Default: auto.");
        Option<string[]> methods = Options.Many("--method", "NAME", $"Methods to compare: {Method.Grammar}. Default: score-cam.");
        Option<string[]> layers = Options.Many("--layer", "L", "Layers to compare, by tensor or node name. Default: the last convolutional block.");
        Option<string?> className = Options.Text("--class", "NAME|INDEX", "The class to explain, in every model. Default: what each model predicts.");
        Option<int> seed = new("--seed") { Description = "Seed of everything random. Default: 0.", HelpName = "S" };
        Option<int?> batch = Options.Count("--batch", "B", "Masked pictures per run of the network.");
        Option<int?> workers = Options.Count("--workers", "W", "Batches in flight at once.");
        Option<string?> figure = Options.Text("--out", "FILE.png", "Write one picture for a page: every map, and where it differs from the first.");
        Option<string?> report = Options.Text("--report", "FILE.html", "Write a page with everything side by side.");

        Command command = new("compare", "Shows models, methods or layers side by side on the same pictures: what they see, where, how far they agree and where they differ.");
        command.Add(images, models, preprocessing, labels, methods, layers, className, seed, batch, workers, figure, report);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CompareSettings settings = new()
            {
                Images = parsed.GetRequiredValue(images),
                Models = parsed.GetRequiredValue(models),
                Preprocessing = parsed.GetRequiredValue(preprocessing),
                Labels = parsed.GetRequiredValue(labels),
                Methods = [.. parsed.GetRequiredValue(methods).DefaultIfEmpty("score-cam").Select(Method.Parse)],
                Layers = parsed.GetRequiredValue(layers),
                Class = parsed.GetValue(className),
                Seed = parsed.GetValue(seed),
                Batch = parsed.GetValue(batch),
                Workers = parsed.GetValue(workers),
                Out = parsed.GetValue(figure),
                Report = parsed.GetValue(report),
            };
            await new CompareRun(settings, parsed.InvocationConfiguration.Output).ExecuteAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
