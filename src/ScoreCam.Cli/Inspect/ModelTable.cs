using System.Globalization;
using ScoreCam.Images;
using Spectre.Console;

namespace ScoreCam.Cli.Inspect;

/// <summary>Writes a model's facts and layers as tables, for people.</summary>
internal static class ModelTable
{
    private const int ClassesShown = 5;

    public static void Write(ImageModel model, TextWriter output)
    {
        void Fact(string name, string value) => output.WriteLine($"{name,-14} {value}");
        Fact("model", model.Name);
        Fact("sha256", model.Sha256);
        Fact("input", Describe(model.Input));
        Fact("preprocessing", Describe(model.Preprocessing));
        Fact("scores", $"{model.ScoreTensor}, {Describe(model.ScoreKind)}");
        Fact("classes", Describe(model.Classes));
        foreach (string warning in model.Warnings)
            Fact("warning", ErrorReport.InCommand(warning));
        Screen.Open(output).Write(Layers(model));
    }

    private static Table Layers(ImageModel model)
    {
        Table table = new Table().RoundedBorder().AddColumn("layer").AddColumn("op");
        table.AddColumn(Number("channels")).AddColumn(Number("height")).AddColumn(Number("width"));
        table.AddColumn("layout").AddColumn("");
        string best = model.DefaultLayer.Name;
        foreach (LayerInfo layer in model.Layers)
            table.AddRow(
                new Text(layer.Name),
                new Text(layer.OpType),
                Count(layer.Channels),
                Count(layer.Height),
                Count(layer.Width),
                new Text(Layout(layer)),
                new Text(layer.Name == best ? "default" : ""));
        return table;
    }

    private static string Layout(LayerInfo layer) => layer switch
    {
        { Layout: FeatureLayout.Tokens, PrefixTokens: 0 } => "tokens",
        { Layout: FeatureLayout.Tokens } => $"tokens, {layer.PrefixTokens} before the grid",
        _ => layer.Layout.ToString().ToUpperInvariant(),
    };

    private static string Describe(ImageInput input)
    {
        string layout = input.Layout.ToString().ToUpperInvariant();
        string size = $"{input.Channels} × {Or(input.Height, "any")} × {Or(input.Width, "any")}";
        return $"{input.Name}: {input.ElementType}, {layout}, {size}, batch {Or(input.Batch, "free")}";
    }

    private static string Describe(Preprocessing p)
    {
        string fit = p.Fit.ToString().ToLowerInvariant(), filter = p.Filter.ToString().ToLowerInvariant();
        string order = p.Order.ToString().ToUpperInvariant();
        string colors = string.Create(CultureInfo.InvariantCulture, $"(byte × {p.Scale} − {p.Mean}) / {p.Std}");
        return $"{fit}, {filter}, {order}, {colors}";
    }

    private static string Describe(ScoreKind kind) => kind switch
    {
        ScoreKind.Softmax => "classes that exclude each other (softmax)",
        ScoreKind.Sigmoid => "classes that are independent of each other (sigmoid)",
        _ => "one value",
    };

    private static string Describe(ClassLabels classes)
    {
        IEnumerable<string> first = Enumerable.Range(0, Math.Min(ClassesShown, classes.Count)).Select(i => classes[i]);
        return $"{classes.Count}: {string.Join("; ", first)}{(classes.Count > ClassesShown ? "; …" : "")}";
    }

    private static TableColumn Number(string name) => new TableColumn(name).RightAligned();

    private static Text Count(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static string Or(int? value, string free) => value?.ToString(CultureInfo.InvariantCulture) ?? free;
}
