using System.Text.Json;
using FluentAssertions;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Gradients of whole networks.</summary>
public class NetworkGradientTests
{
    public static TheoryData<string> Networks =>
    [
        "demo-model/model.onnx", "models/squeezenet1.1_fp32_softmax.onnx",
        "models/mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax.onnx",
        "models/mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx",
        "models/resnet20_cifar10_fp32_logits.onnx", "models/resnet8_cifar10_fp32_nhwc_softmax.onnx",
        "models/vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax.onnx", "models/other/mnist-8.onnx",
        "models/other/dianna_mnist.onnx", "models/other/cifar10_cnn_winml.onnx", "golden/shapes/model.onnx",
        .. Light.Select(name => $"models/light/light_{name}.onnx"),
        .. Exports.Select(name => $"models/exports/{name}/model.onnx"),
        "golden/gradients/light_densenet121/model.onnx", "golden/gradients/light_inception_v1/model.onnx",
        "golden/gradients/light_shufflenet/model.onnx",
    ];

    public static TheoryData<string> ExportedNetworks => [.. Exports];

    private static IEnumerable<string> Light =>
    [
        "bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet", "vgg19",
        "zfnet512",
    ];

    /// <summary>Networks in models/exports.</summary>
    public static IEnumerable<string> Exports =>
    [
        "convnext", "convnext_opset14", "densenet", "efficientnet", "mnasnet", "mobilenet_v2", "mobilenet_v3",
        "regnet_y", "shufflenet_v2", "swin", "vgg_bn", "vit_baked_batch", "vit_class_token", "vit_distilled",
        "vit_mean_pool",
        "vit_no_prefix", "vit_opset14", "vit_registers", "vit_torchvision",
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Logits_and_gradients_are_equal_to_the_bit_in_batches_and_repeated_runs(string file)
    {
        var network = new GradientSource(SharedData.Require(file.Split('/')));
        using GradientSession session = network.Open([network.Input.Name]);
        int count = session.BatchSize, length = network.PictureLength;
        (float[] pictures, float[] seeds) = (network.Pictures(count), network.Seeds(count, session.Values));
        GradientRun whole = session.Run(network.Options, pictures, seeds, count);
        whole.Gradients[0].Values.Should().OnlyContain(value => float.IsFinite(value)).And.Contain(value => value != 0);
        GradientRun again = session.Run(network.Options, pictures, seeds, count);
        again.Gradients[0].Values.Should().Equal(whole.Gradients[0].Values);

        float[] plain = network.Forward(pictures, count);
        // With this operator set, ONNX Runtime fuses only some of the layer normalisations of this network.
        if (file.Contains("convnext_opset14"))
            whole.Logits.Values.Zip(plain, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5f);
        else
            whole.Logits.Values.Should().Equal(plain, "the added nodes do not change the forward pass");
        for (int i = 0; i < count && network.Input.Batch is null; i++)
        {
            Span<float> picture = pictures.AsSpan(i * length, length);
            GradientRun one = session.Run(
                network.Options, picture, seeds.AsSpan(i * session.Values, session.Values), 1);
            one.Gradients[0].Values.Should().Equal(whole.Gradients[0][i].ToArray(), $"picture {i} was run alone");
        }
    }

    [Theory]
    [MemberData(nameof(ExportedNetworks))]
    public void Exported_networks_have_the_gradients_of_PyTorch(string name)
    {
        string folder = SharedData.Require("models", "exports", name);
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "..", "cases.json")));
        JsonElement facts = cases.RootElement.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        float[] picture = Npy.Read(Path.Combine(folder, "..", "input.npy")).Values;
        Npy layer = Npy.Read(Path.Combine(folder, "layer.npy"));
        var network = new GradientSource(Path.Combine(folder, "model.onnx"));
        string tensor = network.TensorWith(picture, layer, facts.GetProperty("prefix").GetInt32());

        using GradientSession session = network.Open([tensor, network.Input.Name]);
        var seed = new float[session.Values];
        seed[facts.GetProperty("target").GetInt32()] = 1;
        GradientRun run = session.Run(network.Options, picture, seed, 1);
        ShouldBe(run.Logits.Values, Npy.Read(Path.Combine(folder, "logits.npy")).Values);
        ShouldBe(run.Gradients[1].Values, Npy.Read(Path.Combine(folder, "input_gradient.npy")).Values);
        float[] byLayer = GradientSource.Planes(run.Gradients[0], layer.Shape)!;
        ShouldBe(byLayer, Npy.Read(Path.Combine(folder, "layer_gradient.npy")).Values);
    }

    [Theory]
    [InlineData("shufflenet")]
    [InlineData("inception_v1")]
    [InlineData("densenet121")]
    public void Classic_networks_have_the_gradients_of_PyTorch(string name)
    {
        string folder = SharedData.Require("golden", "gradients", $"light_{name}");
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        JsonElement facts = cases.RootElement.GetProperty("cases")[0];
        var network = new GradientSource(Path.Combine(folder, "model.onnx"));
        using GradientSession session = network.Open([network.Input.Name]);
        var seed = new float[session.Values];
        seed[facts.GetProperty("class").GetInt32()] = 1;
        float[] picture = Npy.Read(Path.Combine(folder, facts.GetProperty("input").GetString()!)).Values;
        GradientRun run = session.Run(network.Options, picture, seed, 1);
        ShouldBe(run.Logits.Values, Npy.Read(Path.Combine(folder, "logits.npy")).Values);

        // Among millions of inputs of Relu, some are at its kink, where rounding decides.
        float[] expected = Npy.Read(Path.Combine(folder, "gradient.npy")).Values;
        double error = expected.Zip(run.Gradients[0].Values, (a, b) => Math.Pow(a - b, 2)).Sum();
        Math.Sqrt(error / expected.Sum(value => Math.Pow(value, 2))).Should().BeLessThan(2e-2);
    }

    [Fact]
    public void A_float16_network_has_the_gradients_of_its_float32_form()
    {
        float[][] gradients = [.. new[] { "fp32", "fp16" }.Select(form =>
        {
            var network = new GradientSource(SharedData.Require("models", $"squeezenet1.1_{form}_softmax.onnx"));
            using GradientSession session = network.Open([network.Input.Name]);
            float[] picture = Npy.Read(SharedData.Require("golden", "squeezenet_dog", "input.npy")).Values;
            float[] scaled = [.. picture.Take(network.PictureLength).Select(value => value * 50)];
            var seed = new float[session.Values];
            seed[200] = 1;
            return session.Run(network.Options, scaled, seed, 1).Gradients[0].Values;
        })];
        Cosine(gradients[0], gradients[1]).Should().BeGreaterThan(0.99);
    }

    private static double Cosine(float[] a, float[] b)
    {
        double Product(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
        return Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
    }

    private static void ShouldBe(float[] actual, float[] expected)
    {
        actual.Should().HaveCount(expected.Length);
        float largest = expected.Max(Math.Abs);
        actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-4f * largest);
    }
}
