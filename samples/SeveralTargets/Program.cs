// Several questions about one picture. All answers come from the same forward passes.
using ScoreCam;
using ScoreCam.ImageSharp;

using var model = ImageModel.Load("models/squeezenet1.1");
var explainer = new ScoreCamExplainer(model);
RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/chelsea.png");

Target egyptian = Target.Class("Egyptian cat"); // By a name in the model's labels.
Target tabby = Target.Class(281);               // By index.
Target difference = Target.Contrast(egyptian, tabby);
IReadOnlyList<Explanation> answers = explainer.Explain(photo, [.. Target.Top(2), tabby, difference]);

foreach (Explanation answer in answers)
{
    // A contrast is not a class, so it has no probability.
    Console.WriteLine(answer.Probability is { } p ? $"{answer.TargetName}: {p:P1}" : answer.TargetName);
    foreach (string warning in answer.Warnings)
        Console.WriteLine($"  {warning}");
}

// One row for each answer: the photograph, the map and the overlay.
Figure.Draw(answers, new() { PanelHeight = 200, Contour = 0.5f }).SavePng("why-targets.png");
