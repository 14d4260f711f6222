// Early layers see edges in fine maps. Late layers see objects in coarse maps. The default is the last layer.
using ScoreCam;
using ScoreCam.ImageSharp;

using var model = ImageModel.Load("models/squeezenet1.1");
foreach (LayerInfo layer in model.Layers)
{
    string mark = layer == model.DefaultLayer ? "*" : " ";
    Console.WriteLine($"{mark} {layer.Name}  {layer.Channels} maps of {layer.Height} × {layer.Width}");
}

// The ends of three blocks. After such a tensor the resolution halves.
string[] chosen = ["fire3/concat_1", "fire5/concat_1", model.DefaultLayer.Name];

RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/coffee.png");
var rows = chosen.Select(layer => new ScoreCamExplainer(model, new() { Layers = [layer] }).Explain(photo)).ToList();

// One explainer for several layers computes a map for each, and their mean.
Explanation mean = new ScoreCamExplainer(model, new() { Layers = chosen }).Explain(photo);
foreach (LayerEvidence layer in mean.Layers)
    Console.WriteLine($"{layer.Layer.Name}: {layer.DeadChannels} channels are dead, {layer.Passes} forward passes");

Figure.Draw([.. rows, mean], new() { PanelHeight = 200 }).SavePng("why-layers.png");
