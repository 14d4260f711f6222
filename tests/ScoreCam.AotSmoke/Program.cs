// Explains a photograph with the embedded network and holds the result against golden numbers, compiled ahead of time.
// Exit code 0 where all of it is right; otherwise an unhandled exception says what is not.
using System.Runtime.CompilerServices;
using ScoreCam;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;

string repository = args is [string only] ? only : throw new ArgumentException("Usage: ScoreCam.AotSmoke REPOSITORY");
string golden = Path.Combine(repository, "tests", "golden", "everyday20");
NpyArray input = NpyArray.Load(Path.Combine(golden, "input.npy")), logits = NpyArray.Load(Path.Combine(golden, "logits.npy")), map = NpyArray.Load(Path.Combine(golden, "paper.map.npy"));

using ImageModel model = ImageModel.Load(Path.Combine(repository, "models", "everyday20"));
ScoreCamExplainer explainer = new(model);

// The photograph, decoded and prepared here.
Explanation why = explainer.Explain(SkiaImage.Load(Path.Combine(repository, "photos", "chelsea.png")));
Expect(why.TargetName == "cat", $"the photograph shows a cat, not {why.TargetName}");
ExpectNear(why.Probability!.Value, 0.95f, 0.01f, "probability of the cat");
byte[] png = why.Overlay().ToPng();
Expect(SkiaImage.Load(png).Pixels.SequenceEqual(why.Overlay().Pixels), "an overlay goes through PNG unchanged");

// The same photograph as the reference prepared it: case 0 is class 3, cat.
Explanation exact = explainer.Explain(
    PreparedImage.FromTensor(input.Values[..(input.Shape[1] * input.Shape[2] * input.Shape[3])], input.Shape[1], input.Shape[2], input.Shape[3]), Target.Class("cat"));
ExpectNear(exact.Logit!.Value, logits.Values[3], 1e-3f, "logit of the cat");
for (int i = 0; i < exact.Map.Values.Length; i++)
    ExpectNear(exact.Map.Values[i], map.Values[i], 5e-3f, $"value {i} of the map");

// Saved and loaded again, without reflection.
using MemoryStream json = new();
exact.Save(json);
json.Position = 0;
Explanation loaded = Explanation.Load(json);
Expect(loaded.Layers.Count == 1 && loaded.Map.Values.SequenceEqual(exact.Map.Values) && loaded.TargetName == "cat", "an explanation goes through JSON unchanged");

// The other layers are found by a probing run of their own.
Expect(model.Layers.Count > 1, "several layers are found");

Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "AOT")}: {why.TargetName} {why.Probability:P1}, {why.Method}, logit {exact.Logit:F4} (reference {logits.Values[3]:F4}), {model.Layers.Count} layers");

static void ExpectNear(float actual, float expected, float tolerance, string what) =>
    Expect(MathF.Abs(actual - expected) <= tolerance, $"{what} is {actual}; expected {expected} ± {tolerance}");

static void Expect(bool holds, string what)
{
    if (!holds)
        throw new InvalidOperationException($"Not so: {what}.");
}
