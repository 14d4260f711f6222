using ScoreCam;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

using var model = ImageModel.Load("models/squeezenet1.1"); // A folder with sidecars, or an .onnx file.
var explainer = new ScoreCamExplainer(model);

using var photo = Image.Load<Rgb24>("photos/chelsea.png");
Explanation why = explainer.Explain(photo.ToRgbImage());   // The predicted class.
why.Overlay().ToImageSharp().SaveAsPng("why.png");         // On the full-size original.
Console.WriteLine($"{why.TargetName}: {why.Probability:P0}");
