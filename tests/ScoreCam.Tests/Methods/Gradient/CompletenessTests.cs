using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Tests.Onnx.Differentiation;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>Attributions of real networks add up to their scores.</summary>
public class CompletenessTests
{
    public static TheoryData<string> Networks => NetworkGradientTests.Networks;

    /// <summary>Networks whose gradient changes slowly on the path from zero.</summary>
    public static TheoryData<string> SmoothNetworks =>
    [
        "demo-model/model.onnx", "models/resnet8_cifar10_fp32_nhwc_softmax.onnx",
        .. NetworkGradientTests.Exports
            .Where(name => name.StartsWith("vit", StringComparison.Ordinal) || name is "swin" or "efficientnet")
            .Select(name => $"models/exports/{name}/model.onnx"),
    ];

    /// <summary>
    /// Networks whose gradient jumps, by thousands of Relu and Clip or by a layer normalisation of zeros.
    /// </summary>
    public static TheoryData<string> NetworksWithKinks =>
    [
        "models/exports/mobilenet_v2/model.onnx", "models/exports/mnasnet/model.onnx",
        "models/exports/regnet_y/model.onnx", "models/exports/convnext/model.onnx",
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void FullGrad_is_complete(string file)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(file.Split('/')));
        Explanation why = new FullGradExplainer(model).On(Picture(model));
        why.CompletenessError.Should().BeLessThan(1e-4f);
    }

    [Theory]
    [MemberData(nameof(SmoothNetworks))]
    public void Integrated_Gradients_is_complete_on_smooth_networks(string file)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(file.Split('/')));
        (double miss, double difference, _) = Miss(model, steps: 32, out Explanation why);
        miss.Should().BeLessThan(1e-2 * Math.Abs(difference));
        why.CompletenessError.Should().BeApproximately((float)(miss / Math.Abs(difference)), 1e-4f);
        why.Warnings.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(NetworksWithKinks))]
    public void Integrated_Gradients_becomes_complete_with_more_steps_on_networks_with_kinks(string file)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(file.Split('/')));
        (double few, double difference, _) = Miss(model, steps: 32, out Explanation why);
        float error = why.CompletenessError!.Value;
        error.Should().BeApproximately((float)(few / Math.Abs(difference)), 1e-3f * error);
        why.Warnings.Should().ContainSingle().Which.Should().Contain("too few steps").And.Contain("now 32");
        (double many, _, double magnitudes) = Miss(model, steps: 256, out _);
        many.Should().BeLessThan(few).And.BeLessThan(5e-3 * magnitudes);
    }

    /// <summary>
    /// The distance of the sum of the map from S(X) − S(0), this difference itself, which two plain passes give, and
    /// the sum of the magnitudes of the map.
    /// </summary>
    private static (double Miss, double Difference, double Magnitudes) Miss(
        ImageModel model, int steps, out Explanation why)
    {
        PreparedImage picture = Picture(model);
        why = new IntegratedGradientsExplainer(model, new() { Steps = steps }).On(picture);
        var zero = PreparedImage.FromTensor(
            new float[picture.Tensor.Length], picture.Channels, picture.Height, picture.Width);
        int c = why.ClassIndex!.Value;
        double difference = model.Predict(picture).Logits[c] - model.Predict(zero).Logits[c];
        double[] values = Array.ConvertAll(why.RawMap.Values.ToArray(), value => (double)value);
        return (Math.Abs(values.Sum() - difference), difference, values.Sum(Math.Abs));
    }

    private static PreparedImage Picture(ImageModel model)
    {
        ImageInput input = model.Input;
        (int height, int width) = (input.Height ?? 64, input.Width ?? 64);
        var random = new Random(7);
        float[] values = [.. Enumerable.Range(0, input.Channels * height * width).Select(_ =>
            (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
        return PreparedImage.FromTensor(values, input.Channels, height, width);
    }
}
