using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// Small exports of common network families. The default layer is the one that an expert selects, and its map equals
/// that of a separate PyTorch program.
/// </summary>
public class ExportTests
{
    // The shapes are those of the data folder's cases.json.
    [Theory]
    [InlineData("vgg_bn", 64, 8, FeatureLayout.Nchw)]
    [InlineData("densenet", 32, 4, FeatureLayout.Nchw)]
    [InlineData("shufflenet_v2", 128, 2, FeatureLayout.Nchw)]
    [InlineData("mobilenet_v2", 1280, 2, FeatureLayout.Nchw)]
    [InlineData("mobilenet_v3", 144, 2, FeatureLayout.Nchw)]
    [InlineData("mnasnet", 1280, 2, FeatureLayout.Nchw)]
    [InlineData("efficientnet", 96, 8, FeatureLayout.Nchw)]
    [InlineData("regnet_y", 48, 2, FeatureLayout.Nchw)]
    [InlineData("convnext", 48, 4, FeatureLayout.Nchw)]
    [InlineData("convnext_opset14", 48, 4, FeatureLayout.Nchw)]
    [InlineData("swin", 48, 8, FeatureLayout.Nhwc)]
    public void The_default_layer_is_the_one_an_expert_selects_and_its_map_is_right(
        string name, int channels, int side, FeatureLayout layout)
    {
        string folder = SharedData.Require("models", "exports", name);
        using ImageModel model = ImageModel.Load(
            Path.Combine(folder, "model.onnx"), new() { Preprocessing = Preprocessing.Imagenet });
        LayerInfo layer = model.DefaultLayer;
        (layer.Channels, layer.Height, layer.Width, layer.Layout).Should().Be((channels, side, side, layout));
        model.Warnings.Should().BeEmpty();

        float[] input = NpyArray.Load(SharedData.Require("models", "exports", "input.npy")).Values.ToArray();
        PreparedImage picture = PreparedImage.FromTensor(input, 3, 64, 64);
        Explanation why = model.Explain(picture, Target.Class(TargetOf(name)));
        float[] expected = NpyArray.Load(Path.Combine(folder, "scorecam_map.npy")).Values.ToArray();
        NpyRows.LargestDifference(why.Map.Values, expected).Should().BeLessThan(5e-3f);
    }

    private static int TargetOf(string name)
    {
        string cases = File.ReadAllText(SharedData.Require("models", "exports", "cases.json"));
        using var json = System.Text.Json.JsonDocument.Parse(cases);
        return json.RootElement.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name)
            .GetProperty("target").GetInt32();
    }
}
