using System.Globalization;
using ScoreCam.Images;
using Spectre.Console;

namespace ScoreCam.Cli.Inspect;

/// <summary>A model's facts and layers for people.</summary>
internal static class ModelTable
{
    public static void Write(ImageModel model, TextWriter output)
    {
        ImageInput input = model.Input;
        void Fact(string name, string value) => output.WriteLine($"{name,-14} {value}");
        Fact("model", model.Name);
        Fact("sha256", model.Sha256);
        Fact("input", $"{input.Name}: {input.ElementType}, {input.Layout.ToString().ToUpperInvariant()}, {input.Channels} × {Side(input.Height)} × {Side(input.Width)}, batch {input.Batch?.ToString(CultureInfo.InvariantCulture) ?? "free"}");
        Fact("preprocessing", Describe(model.Preprocessing));
        Fact("scores", $"{model.ScoreTensor}, {(model.ScoreKind == ScoreKind.Softmax ? "classes that exclude each other (softmax)" : "classes that stand for themselves (sigmoid)")}");
        Fact("classes", $"{model.Classes.Count}: {string.Join("; ", Enumerable.Range(0, Math.Min(5, model.Classes.Count)).Select(i => model.Classes[i]))}{(model.Classes.Count > 5 ? "; …" : "")}");

        LayerInfo best = model.DefaultLayer;
        Table layers = new Table().RoundedBorder().AddColumn("layer").AddColumn("op").AddColumn(Number("channels")).AddColumn(Number("height")).AddColumn(Number("width")).AddColumn("");
        foreach (LayerInfo layer in model.Layers)
            layers.AddRow(new Text(layer.Name), new Text(layer.OpType), Count(layer.Channels), Count(layer.Height), Count(layer.Width), new Text(layer.Name == best.Name ? "default" : ""));
        Screen.Open(output).Write(layers);
    }

    private static string Describe(Preprocessing p) => string.Create(
        CultureInfo.InvariantCulture, $"{p.Fit.ToString().ToLowerInvariant()}, {p.Filter.ToString().ToLowerInvariant()}, {p.Order.ToString().ToUpperInvariant()}, (byte × {p.Scale} − {p.Mean}) / {p.Std}");

    private static TableColumn Number(string name) => new TableColumn(name).RightAligned();

    private static Text Count(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static string Side(int? side) => side?.ToString(CultureInfo.InvariantCulture) ?? "any";
}
