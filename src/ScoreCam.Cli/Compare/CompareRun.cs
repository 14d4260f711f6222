using System.Globalization;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Targets;
using Spectre.Console;

namespace ScoreCam.Cli.Compare;

/// <summary><c>scorecam compare</c>: what it does.</summary>
internal sealed class CompareRun(CompareSettings settings, TextWriter output)
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        settings.Check();
        RgbImage[] pictures = [.. settings.Images.Select(path => ImageSharpImage.Load(path))];
        IAnsiConsole console = Screen.Open(output);
        List<ImageModel> models = [];
        List<Comparison> comparisons = [];
        try
        {
            for (int i = 0; i < Math.Max(1, settings.Models.Count); i++)
                models.Add(settings.Load(i));
            Column[] columns = [.. Columns(models)];
            if (columns.Length > 26)
                throw new UserException($"{columns.Length} columns cannot stand side by side; at most 26 can");
            await ProgressView.ShowAsync(console, null, pictures.Length * columns.Length, async nextRun =>
            {
                for (int i = 0; i < pictures.Length; i++)
                {
                    List<ComparedMap> maps = [];
                    foreach (Column column in columns)
                    {
                        IProgress<ExplainProgress>? progress = nextRun($"{settings.Images[i]} {column.Name}");
                        string letter = $"{(char)('A' + maps.Count)}";
                        maps.Add(await Task.Run(() => column.Explain(letter, pictures[i], progress, cancellationToken), cancellationToken));
                    }
                    comparisons.Add(new(settings.Images[i], pictures[i], maps));
                }
            });
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }

        comparisons.ForEach(comparison => Say(console, comparison));
        Write(console, settings.Out, path => CompareFigure.Draw(comparisons).SavePng(path));
        Write(console, settings.Report, path => CompareReport.Write(comparisons, path));
    }

    private IEnumerable<Column> Columns(IReadOnlyList<ImageModel> models)
    {
        string?[] layers = settings.Layers.Count == 0 ? [null] : [.. settings.Layers];
        for (int i = 0; i < models.Count; i++)
        {
            ImageModel model = models[i];
            Target target = settings.Class is { } name ? Target.Class(ClassOf(model, name)) : Target.Predicted;
            // The same model twice may differ in its preprocessing.
            string modelName = (model.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? model.Name[..^5] : model.Name) + (models.Count(other => other.Name == model.Name) > 1 ? $" ({i + 1})" : "");
            foreach (Method method in settings.Methods)
                foreach (string? layer in layers)
                {
                    string[] parts = [.. new[] { models.Count > 1 ? modelName : null, settings.Methods.Count > 1 ? method.Name : null, layers.Length > 1 ? layer : null }.OfType<string>()];
                    yield return new(string.Join(" · ", parts), method.For(model, settings.Seed, layer), target);
                }
        }
    }

    private static int ClassOf(ImageModel model, string name)
    {
        try
        {
            return model.Classes.IndexOf(name);
        }
        catch (ArgumentException e)
        {
            throw new UserException($"{model.Name}: {ErrorReport.OneLine(e)}", e);
        }
    }

    private static void Say(IAnsiConsole console, Comparison comparison)
    {
        console.WriteLine(comparison.Image);
        for (int i = 0; i < comparison.Maps.Count; i++)
        {
            ComparedMap map = comparison.Maps[i];
            string agreement = i == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; agreement with {comparison.Maps[0].Letter}: {comparison.Agreement(0, i):0.000}");
            console.WriteLine($"  {map.Letter}  {map.Column}: {map.Describe()}{agreement}");
        }
    }

    private static void Write(IAnsiConsole console, string? path, Action<string> write)
    {
        if (path is null)
            return;
        using OutputFile file = OutputFile.Begin(path);
        write(file.TemporaryPath);
        file.Commit();
        console.WriteLine($"written  {Path.GetFullPath(path)}");
    }

    private sealed record Column(string Name, Explainer Explainer, Target Target)
    {
        public ComparedMap Explain(string letter, RgbImage picture, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
        {
            PreparedImage prepared = Explainer.Model.Prepare(picture);
            return new(letter, Name, Explainer.Explain(prepared, Target, progress, cancellationToken), Explainer.Model.Predict(prepared));
        }
    }
}
