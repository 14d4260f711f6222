using ScoreCam;
using ScoreCam.Skia;

using var model = ImageModel.Load("models/everyday20"); // a folder, or an .onnx file
var explainer = new ScoreCamExplainer(model);

RgbImage photo = SkiaImage.Load("photos/chelsea.png");
Explanation why = explainer.Explain(photo);             // the predicted class
why.Overlay().SavePng("why.png");                       // on the full-size original
Console.WriteLine($"{why.TargetName}: {why.Probability:P0}");
