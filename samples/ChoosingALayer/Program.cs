// Early layers are fine-grained and see edges, late ones are coarse and see things. The default is the last convolutional block.
using ScoreCam;
using ScoreCam.Skia;

using var model = ImageModel.Load("models/everyday20");
foreach (LayerInfo layer in model.Layers)
    Console.WriteLine($"{(layer == model.DefaultLayer ? "*" : " ")} {layer.Name}  {layer.Channels} maps of {layer.Height} × {layer.Width}");

// The block ends: where the resolution halves, the last activation before is the one to take.
string[] chosen = ["/layer1/layer1.1/Relu_1_output_0", "/layer2/layer2.1/Relu_1_output_0", model.DefaultLayer.Name];

RgbImage photo = SkiaImage.Load(args is [var path, ..] ? path : "photos/coffee.png");
var rows = chosen.Select(layer => new ScoreCamExplainer(model, new() { Layers = [layer] }).Explain(photo)).ToList();

// Several layers in one explainer: a map for each, and their mean.
var mean = new ScoreCamExplainer(model, new() { Layers = chosen }).Explain(photo);
foreach (LayerEvidence layer in mean.Layers)
    Console.WriteLine($"{layer.Layer.Name}: {layer.DeadChannels} of {layer.Layer.Channels} channels say nothing, {layer.Passes} passes");

Figure.Draw([.. rows, mean], new() { PanelHeight = 200 }).SavePng("why-layers.png");
