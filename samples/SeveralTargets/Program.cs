// One picture, several questions: all of them are answered from the same passes through the network.
using ScoreCam;
using ScoreCam.Skia;

using var model = ImageModel.Load("models/everyday20");
var explainer = new ScoreCamExplainer(model);
RgbImage photo = SkiaImage.Load(args is [var path, ..] ? path : "photos/collage.png");

Target cat = Target.Class("cat");       // by name, as the model's labels have it
Target cup = Target.Class(6);           // by index
IReadOnlyList<Explanation> answers = explainer.Explain(photo, [cat, cup, Target.Contrast(cat, cup), .. Target.Top(2)]);

foreach (Explanation answer in answers)
{
    // A contrast is not one class, so it has no probability.
    Console.WriteLine(answer.Probability is { } p ? $"{answer.TargetName}: {p:P1}" : answer.TargetName);
    foreach (string warning in answer.Warnings)
        Console.WriteLine($"  {warning}");
}

// Original, map and overlay of each answer on one page.
Figure.Draw(answers, new() { PanelHeight = 200, Contour = 0.5f }).SavePng("why-targets.png");
