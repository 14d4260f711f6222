// The preprocessing in code, for a model without preprocessor_config.json.
using ScoreCam;
using ScoreCam.ImageSharp;

RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/coffee.png");

// Start from a named preprocessing and change what differs. Here the whole picture is kept, between grey bars.
Preprocessing letterbox = Preprocessing.Caffe with { Order = ChannelOrder.Rgb, Fit = Fit.Letterbox };
using var model = ImageModel.Load("models/squeezenet1.1", new() { Preprocessing = letterbox });
var explainer = new ScoreCamExplainer(model);

// Look at the picture that the network receives before you judge its answer.
PreparedImage prepared = model.Prepare(photo);
model.Preprocessing.ToPicture(prepared).SavePng("why-input.png");

Explanation why = explainer.Explain(prepared);
why.Overlay().SavePng("why-letterbox.png"); // On the photograph, without the bars.
Console.WriteLine($"letterbox: {why.TargetName} {why.Probability:P0}");

// Or pass a tensor that your own code has prepared: channels × height × width, normalised.
const int Side = 224;
PreparedImage tensor = PreparedImage.FromTensor(MyTensor(photo), channels: 3, height: Side, width: Side);
Explanation mine = explainer.Explain(tensor);
mine.Overlay(photo.Resize(Side, Side)).SavePng("why-tensor.png");
Console.WriteLine($"own tensor: {mine.TargetName} {mine.Probability:P0}");

static float[] MyTensor(RgbImage picture)
{
    float[] mean = [123, 117, 104];
    ReadOnlySpan<byte> pixels = picture.Resize(Side, Side).Pixels;
    float[] values = new float[3 * Side * Side];
    for (int i = 0; i < pixels.Length; i++)
        values[(i % 3 * Side * Side) + (i / 3)] = pixels[i] - mean[i % 3];
    return values;
}
