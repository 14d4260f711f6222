// What is explained can be any function of the scores, not only one class.
using ScoreCam;
using ScoreCam.Skia;

using var model = ImageModel.Load("models/everyday20");
var explainer = new ScoreCamExplainer(model);
RgbImage photo = SkiaImage.Load(args is [var path, ..] ? path : "photos/collage.png");

// A function, for one question …
int cup = model.Classes.IndexOf("cup"), watch = model.Classes.IndexOf("watch");
Target thing = Target.Function("cup or watch", scores => MathF.Max(scores[cup], scores[watch]));

// … or a class of your own, for a question asked of many models.
Target animal = new GroupTarget("any animal", ["butterfly", "cat", "dog", "leopard", "tench"]);

foreach (Explanation why in explainer.Explain(photo, [thing, animal]))
{
    string file = $"why-{why.TargetName.Replace(' ', '-')}.png";
    why.Overlay(new() { OpacityFollowsMap = true, Opacity = 0.7f }).SavePng(file);
    Console.WriteLine($"{why.TargetName}: {file}");
}

/// <summary>Any of several classes: log Σ exp of their logits, the logit of the group as a whole.</summary>
internal sealed class GroupTarget(string name, string[] classes) : Target
{
    private int[] _indices = [];

    public override string Name => name;

    // The labels are known here, once per explanation; what is returned must not change afterwards.
    public override Target Resolve(Prediction prediction) =>
        new GroupTarget(name, classes) { _indices = [.. classes.Select(prediction.Classes.IndexOf)] };

    public override float Score(ReadOnlySpan<float> scores)
    {
        double sum = 0;
        foreach (int index in _indices)
            sum += Math.Exp(scores[index]);
        return (float)Math.Log(sum);
    }
}
