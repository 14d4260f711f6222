// A target can be any function of the scores, not only one class.
using ScoreCam;
using ScoreCam.ImageSharp;

using var model = ImageModel.Load("models/squeezenet1.1");
var explainer = new ScoreCamExplainer(model);
RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/collage.png");

// A function, for one model.
int espresso = model.Classes.IndexOf("espresso"), cup = model.Classes.IndexOf("cup");
Target drink = Target.Function("espresso or cup", scores => MathF.Max(scores[espresso], scores[cup]));

// A class, for any model.
Target anyCat = new GroupTarget("any cat", ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]);

foreach (Explanation why in explainer.Explain(photo, [drink, anyCat]))
{
    string file = $"why-{why.TargetName.Replace(' ', '-')}.png";
    why.Overlay().SavePng(file);
    Console.WriteLine($"{why.TargetName}: {file}");
}

/// <summary>Any of several classes. The score is log Σ exp of their logits: the logit of the whole group.</summary>
internal sealed class GroupTarget(string name, string[] classes) : Target
{
    private int[] _indices = [];

    public override string Name => name;

    // Called once for each explanation. The labels are known here.
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
