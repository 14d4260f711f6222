using System.Globalization;
using ScoreCam.Cli;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Methods;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>
/// The table of relevance mass and rank in docs/evaluation.md: every method on drawn shapes. It runs on demand only,
/// with <c>--explicit only --filter-class ScoreCam.Tests.Evaluation.KnownAnswerTable --show-live-output on</c>.
/// </summary>
public class KnownAnswerTable(ITestOutputHelper output)
{
    private const int Scenes = 20;

    private static readonly ShapeKind[] Taught =
        [ShapeKind.Circle, ShapeKind.Square, ShapeKind.Triangle, ShapeKind.Cross];

    [Fact(Explicit = true)]
    public void Every_method_on_drawn_shapes()
    {
        using ImageModel model = ImageModel.Load(
            new GoldenSet("shapes").ModelPath,
            new() { Preprocessing = Preprocessing.Imagenet, Labels = new(Taught.Select(kind => $"{kind}")) });
        IReadOnlyList<ShapeScene> scenes = ShapeScene.Draw(Scenes, Taught, seed: 3);
        output.WriteLine("| method | Relevance mass ↑ | Relevance rank ↑ |\n|---|--:|--:|");
        // The default of 800 steps for each of four areas takes longer than all other methods together.
        IEnumerable<Method> methods = Method.Controls
            .Concat(Method.All.Where(method => method.Name != "extremal-perturbation"))
            .Append(Method.Parse("extremal-perturbation:100"));
        foreach (Method method in methods)
            output.WriteLine(Row(method, model, scenes));
    }

    private static string Row(Method method, ImageModel model, IReadOnlyList<ShapeScene> scenes)
    {
        EvaluationCase[] cases;
        try
        {
            Explainer explainer = method.For(model);
            cases = [.. scenes.SelectMany(scene => Cases(explainer, scene))];
        }
        catch (UnsupportedModelException e)
        {
            return $"| {method.Name} | {e.Message} | |";
        }
        string name = method.IsControl ? $"*{method.Name}*" : method.Name;
        return $"| {name} | {Cell(new RelevanceMass())} | {Cell(new RelevanceRank())} |";

        string Cell(Metric metric)
        {
            MetricSummary summary = MetricSummary.Of(cases.Select(one => metric.Value(one)));
            return string.Create(
                CultureInfo.InvariantCulture, $"{summary.Mean:0.000} [{summary.Low:0.000}, {summary.High:0.000}]");
        }
    }

    private static IEnumerable<EvaluationCase> Cases(Explainer explainer, ShapeScene scene)
    {
        PreparedImage image = explainer.Model.Prepare(scene.Picture);
        Target[] targets = [.. scene.Shapes.Select(shape => Target.Class($"{shape.Kind}"))];
        return explainer.On(image, targets).Zip(scene.Shapes, (why, shape) =>
            new EvaluationCase(explainer, image, why) { Answer = shape.Pixels });
    }
}
