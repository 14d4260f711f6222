// Explains a photograph with the everyday20 network, compiled ahead of time, and compares the result with golden
// numbers. The exit code is 0 if everything is correct. Otherwise an unhandled exception describes the error.
using System.Runtime.CompilerServices;
using ScoreCam;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;

string repository = args is [string only] ? only : throw new ArgumentException("Usage: ScoreCam.AotSmoke REPOSITORY");

using ImageModel model = ImageModel.Load(Path.Combine(repository, "models", "everyday20"));
ScoreCamExplainer explainer = new(model);

// The photograph is decoded and prepared here.
string photo = Path.Combine(repository, "photos", "chelsea.png");
RgbImage picture = ImageSharpImage.Load(photo);
Expect(picture.Pixels.SequenceEqual(SkiaImage.Load(photo).Pixels), "both image libraries read the same pixels");
Explanation why = explainer.Explain(picture);
Expect(why.TargetName == "cat", $"the photograph shows a cat, not {why.TargetName}");
ExpectNear(why.Probability!.Value, 0.95f, 0.01f, "probability of the cat");

using MemoryStream png = new();
why.Overlay().SavePng(png);
Expect(ImageSharpImage.Load(png.ToArray()).Pixels.SequenceEqual(why.Overlay().Pixels), "PNG keeps an overlay");

// The same photograph as the reference prepared it. Case 0 is class 3, cat.
NpyArray input = Golden("input"), logits = Golden("logits"), map = Golden("paper.map");
(int channels, int height, int width) = (input.Shape[1], input.Shape[2], input.Shape[3]);
ReadOnlySpan<float> tensor = input.Values[..(channels * height * width)];
Explanation exact = explainer.Explain(PreparedImage.FromTensor(tensor, channels, height, width), Target.Class("cat"));
ExpectNear(exact.Logit!.Value, logits.Values[3], 1e-3f, "logit of the cat");
for (int i = 0; i < exact.Map.Values.Length; i++)
    ExpectNear(exact.Map.Values[i], map.Values[i], 5e-3f, $"value {i} of the map");

// JSON without reflection.
using MemoryStream json = new();
exact.Save(json);
json.Position = 0;
Explanation loaded = Explanation.Load(json);
Expect(loaded.Layers.Count == 1 && loaded.TargetName == "cat", "JSON keeps an explanation");
Expect(loaded.Map.Values.SequenceEqual(exact.Map.Values), "JSON keeps a map");

// Finding the other layers needs a separate forward pass.
Expect(model.Layers.Count > 1, "several layers are found");

string mode = RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "AOT";
Console.WriteLine($"{mode}: {why.TargetName} {why.Probability:P1}, {why.Method}, {model.Layers.Count} layers");
Console.WriteLine($"logit {exact.Logit:F4}, of the reference {logits.Values[3]:F4}");

NpyArray Golden(string name) =>
    NpyArray.Load(Path.Combine(repository, "tests", "golden", "everyday20", $"{name}.npy"));

static void ExpectNear(float actual, float expected, float tolerance, string what) =>
    Expect(MathF.Abs(actual - expected) <= tolerance, $"{what} is {actual}; expected {expected} ± {tolerance}");

static void Expect(bool holds, string what)
{
    if (!holds)
        throw new InvalidOperationException($"This does not hold: {what}.");
}
