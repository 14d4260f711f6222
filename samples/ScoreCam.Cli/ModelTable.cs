using System.Globalization;
using Spectre.Console;

namespace ScoreCam.Cli;

/// <summary>A model's facts and layers for people.</summary>
internal static class ModelTable
{
    public static void Write(ImageModel model, TextWriter output)
    {
        ImageInput input = model.Input;
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        // Names in a file or a pipe must not be broken to fit a screen that is not there.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 1000;

        Grid facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Fact(string name, string value) => facts.AddRow(new Text(name), new Text(value));
        Fact("model", model.Name);
        Fact("sha256", model.Sha256);
        Fact("input", $"{input.Name}: {input.ElementType}, {input.Layout.ToString().ToUpperInvariant()}, {input.Channels} × {Side(input.Height)} × {Side(input.Width)}, batch {input.Batch?.ToString(CultureInfo.InvariantCulture) ?? "free"}");
        Fact("scores", $"{model.ScoreTensor} ({model.ScoreKind.ToString().ToLowerInvariant()})");
        Fact("classes", $"{model.Classes.Count}: {string.Join("; ", Enumerable.Range(0, Math.Min(5, model.Classes.Count)).Select(i => model.Classes[i]))}{(model.Classes.Count > 5 ? "; …" : "")}");
        console.Write(facts);

        LayerInfo best = model.DefaultLayer;
        Table layers = new Table().RoundedBorder().AddColumn("layer").AddColumn("op").AddColumn(Number("channels")).AddColumn(Number("height")).AddColumn(Number("width")).AddColumn("");
        foreach (LayerInfo layer in model.Layers)
            layers.AddRow(new Text(layer.Name), new Text(layer.OpType), Count(layer.Channels), Count(layer.Height), Count(layer.Width), new Text(layer.Name == best.Name ? "default" : ""));
        console.Write(layers);
    }

    private static TableColumn Number(string name) => new TableColumn(name).RightAligned();

    private static Text Count(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static string Side(int? side) => side?.ToString(CultureInfo.InvariantCulture) ?? "any";
}
