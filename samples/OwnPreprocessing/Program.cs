// How pictures become the network's input: in code, where no preprocessor_config.json says it.
using ScoreCam;
using ScoreCam.Skia;

RgbImage photo = SkiaImage.Load(args is [var path, ..] ? path : "photos/coffee.png");

// Start from a named one and change what differs: here the whole picture is kept, with grey bars beside it.
Preprocessing letterbox = Preprocessing.Imagenet with { Fit = Fit.Letterbox, PadColor = new(128, 128, 128) };
using var model = ImageModel.Load("models/everyday20", new() { Preprocessing = letterbox });
var explainer = new ScoreCamExplainer(model);

// Look at what the network is shown before you wonder about its answer.
PreparedImage prepared = model.Prepare(photo);
model.Preprocessing.ToPicture(prepared).SavePng("why-input.png");

Explanation why = explainer.Explain(prepared);
why.Overlay().SavePng("why-letterbox.png"); // mapped back: the bars are gone
Console.WriteLine($"letterbox: {why.TargetName} {why.Probability:P0}");

// Or hand over a tensor that your own code has prepared: channels × height × width, normalised.
PreparedImage tensor = PreparedImage.FromTensor(MyOwnTensor(photo, 128), channels: 3, height: 128, width: 128);
Explanation mine = explainer.Explain(tensor);
mine.Overlay(photo.Resize(128, 128)).SavePng("why-tensor.png");
Console.WriteLine($"own tensor: {mine.TargetName} {mine.Probability:P0}");

static float[] MyOwnTensor(RgbImage picture, int side)
{
    (float[] mean, float[] std) = ([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
    ReadOnlySpan<byte> pixels = picture.Resize(side, side).Pixels;
    float[] values = new float[3 * side * side];
    for (int i = 0; i < pixels.Length; i++)
        values[(i % 3 * side * side) + (i / 3)] = ((pixels[i] / 255f) - mean[i % 3]) / std[i % 3];
    return values;
}
