using FluentAssertions;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// Published networks without changes. Their facts, predictions and explanations need no code for a specific network.
/// </summary>
public class ModelZooTests
{
    private static readonly string[] Photos =
        ["chelsea.png", "coffee.png", "parrot.jpg", "hot_dog.jpg", "motorcycle_left.png"];

    private static readonly Preprocessing Minus128 = Preprocessing.Byte with { Mean = new(128), Std = new(128) };

    // The classes are those of the table in the data folder, in the numbering of the network.
    public static TheoryData<string, int[]> Predictions => new()
    {
        { "mobilenet_v2_1.0_224_tf_fp32_nchw_logits", [286, 968, 89, 935, 671] },
        { "mobilenet_v2_1.0_224_tf_qdq_uint8_nchw", [286, 968, 89, 935, 671] },
        { "squeezenet1.1_fp32_softmax", [285, 967, 88, 934, 665] },
        { "squeezenet1.1_fp16_softmax", [285, 967, 88, 934, 665] },
        { "mobilenet_v2_int8_qlinear_nchw", [285, 967, 88, 934, 670] },
        { "mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax", [286, 968, 89, 39, 613] },
    };

    [Theory]
    [MemberData(nameof(Predictions))]
    public void The_five_photographs_are_classified_as_in_the_table(string name, int[] classes)
    {
        using ImageModel model = Load(name);
        Photos.Select(photo => model.Predict(Photo(photo)).Top).Should().Equal(classes);
    }

    // Sizes that the table does not state follow from the kernels, strides and paddings in the files.
    [Theory]
    [InlineData("squeezenet1.1_fp32_softmax", TensorElementType.Float, TensorLayout.Nchw, 224, 1, 1000,
        "fire9/concat_1", "512×13×13")]
    [InlineData("squeezenet1.1_fp16_softmax", TensorElementType.Float16, TensorLayout.Nchw, 224, 1, 1000,
        "fire9/concat_1", "512×13×13")]
    [InlineData("mobilenet_v2_1.0_224_tf_fp32_nchw_logits", TensorElementType.Float, TensorLayout.Nchw, 224, null,
        1001, "clip_271", "1280×7×7")]
    [InlineData("mobilenet_v2_1.0_224_tf_qdq_uint8_nchw", TensorElementType.Float, TensorLayout.Nchw, 224, null, 1001,
        "dequantizelinear_835", "1280×7×7")]
    [InlineData("mobilenet_v2_int8_qlinear_nchw", TensorElementType.Float, TensorLayout.Nchw, 224, 1, 1000,
        "697_quantized", "1280×7×7")]
    [InlineData("mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax", TensorElementType.Float, TensorLayout.Nhwc, 128, null,
        1001, "clip_163", "256×4×4")]
    [InlineData("resnet20_cifar10_fp32_logits", TensorElementType.Float, TensorLayout.Nchw, 32, null, 10,
        "/layer3/layer3.2/Relu_1_output_0", "64×8×8")]
    [InlineData("resnet8_cifar10_fp32_nhwc_softmax", TensorElementType.Float, TensorLayout.Nhwc, 32, null, 10,
        "relu_38", "64×8×8")]
    [InlineData("vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax", TensorElementType.Float, TensorLayout.Nhwc, 96,
        null, 2, "relu_109", "256×3×3")]
    [InlineData("other/mnist-8", TensorElementType.Float, TensorLayout.Nchw, 28, 1, 10, "ReLU114_Output_0", "16×14×14")]
    [InlineData("other/dianna_mnist", TensorElementType.Float, TensorLayout.Nchw, 28, null, 2, "14", "32×7×7")]
    [InlineData("other/cifar10_cnn_winml", TensorElementType.Float, TensorLayout.Nchw, 32, null, 10, "43", "24×10×10")]
    public void Facts_are_found_without_options(string name, TensorElementType type, TensorLayout layout, int side,
        int? batch, int classes, string layer, string size)
    {
        using ImageModel model = Load(name);
        int channels = name.Contains("mnist") ? 1 : 3;
        model.Input.Should().Be(new ImageInput
        {
            Name = model.Input.Name,
            ElementType = type,
            Layout = layout,
            Channels = channels,
            Height = side,
            Width = side,
            Batch = batch
        });
        model.Classes.Count.Should().Be(classes);
        Size(model.DefaultLayer).Should().Be($"{layer} {size}");
        model.Layers.Should().Contain(model.DefaultLayer).And.OnlyHaveUniqueItems(l => l.Name).And.OnlyContain(l =>
            l.Height * l.Width > 1);
    }

    // If the default layer has 1280 channels, the last layer of 160 channels replaces it, to save time.
    [Theory]
    [InlineData("squeezenet1.1_fp32_softmax", "coffee.png", 967, null)]
    [InlineData("mobilenet_v2_1.0_224_tf_fp32_nchw_logits", "chelsea.png", 286, 160)]
    [InlineData("mobilenet_v2_1.0_224_tf_qdq_uint8_nchw", "chelsea.png", 286, 160)]
    [InlineData("mobilenet_v2_int8_qlinear_nchw", "chelsea.png", 285, 160)]
    [InlineData("mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax", "chelsea.png", 286, null)]
    [InlineData("resnet20_cifar10_fp32_logits", "chelsea.png", null, null)]
    [InlineData("resnet8_cifar10_fp32_nhwc_softmax", "chelsea.png", null, null)]
    [InlineData("vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax", "astronaut.png", null, null)]
    [InlineData("other/mnist-8", "chelsea.png", null, null)]
    [InlineData("other/dianna_mnist", "chelsea.png", null, null)]
    [InlineData("other/cifar10_cnn_winml", "chelsea.png", null, null)]
    public void Every_network_is_explained_on_a_photograph(string name, string photo, int? expected, int? channels)
    {
        using ImageModel model = Load(name);
        LayerInfo layer = channels is { } wanted ? model.Layers.Last(l => l.Channels == wanted) : model.DefaultLayer;
        Explanation why = Explain(model, Photo(photo), layer);
        if (expected is { } index)
            why.ClassIndex.Should().Be(index);
        why.Map.Values.ToArray().Max().Should().Be(1);
        why.Map.Values.ToArray().Min().Should().Be(0);
        why.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Quantized_activations_are_read_as_real_numbers()
    {
        // The same architecture in float32 clips these activations to 0…6. Integers would reach 255.
        using ImageModel model = Load("mobilenet_v2_int8_qlinear_nchw");
        ActivationMaps maps = Activations(model, Photo("chelsea.png"));
        float[] activations = [.. Enumerable.Range(0, maps.Channels).SelectMany(k => maps[k].ToArray())];
        activations.Max().Should().BeInRange(1, 8);
        activations.Min().Should().BeGreaterThanOrEqualTo(0);
        activations.Distinct().Count().Should().BeInRange(20, 256);
    }

    // The sizes are computed by hand from the kernels, strides and paddings in the files.
    [Theory]
    [InlineData("light_bvlc_alexnet", "r13", "256×12×12")]
    [InlineData("light_densenet121", "r907", "1024×7×7")]
    [InlineData("light_inception_v1", "r137", "1024×6×6")]
    [InlineData("light_inception_v2", "r504", "1024×7×7")]
    [InlineData("light_resnet50", "r171", "2048×7×7")]
    [InlineData("light_shufflenet", "r198", "544×7×7")]
    [InlineData("light_squeezenet", "r60", "512×13×13")]
    [InlineData("light_vgg19", "r35", "512×14×14")]
    [InlineData("light_zfnet512", "r13", "512×12×12")]
    public void Networks_with_generated_weights_show_their_structure_and_can_be_explained(string name, string layer,
        string size)
    {
        using ImageModel model =
            ImageModel.Load(SharedData.Require("models", "light", name + ".onnx"),
            new() { Preprocessing = Preprocessing.Caffe });
        (model.Input.Channels, model.Input.Height, model.Input.Width, model.Classes.Count).Should()
            .Be((3, 224, 224, 1000));
        Size(model.DefaultLayer).Should().Be($"{layer} {size}");

        // A layer of few channels is explained, because one pass of the largest network takes almost a second.
        Explanation why = Explain(model, Photo("chelsea.png"), model.Layers.Where(l => l.Channels > 3)
            .MinBy(l => l.Channels)!);
        why.Layers[0].ChannelScores.Should().OnlyContain(score => float.IsFinite(score));
        why.Map.Values.ToArray().Should().OnlyContain(v => v >= 0 && v <= 1);
    }

    [Fact]
    public void The_everyday20_network_predicts_the_classes_of_its_model_card()
    {
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        foreach ((string photo, string name, double probability) in new[] { ("chelsea.png", "cat", 0.95),
            ("coffee.png", "cup", 0.54), ("motorcycle_left.png", "motorbike", 0.61) })
        {
            Prediction prediction = model.Predict(Photo(photo));
            model.Classes[prediction.Top].Should().Be(name);
            prediction.Probabilities[prediction.Top].Should().BeApproximately((float)probability, 0.01f);
        }
    }

    private static Explanation Explain(ImageModel model, RgbImage photo, LayerInfo layer) =>
        new ScoreCamExplainer(model, new() { Layers = [layer.Name] })
            .Explain(photo, cancellationToken: TestContext.Current.CancellationToken);

    private static ActivationMaps Activations(ImageModel model, RgbImage photo)
    {
        using var run = new RunContext(null, TestContext.Current.CancellationToken);
        return model.Network.Forward(model.ToNetworkInput(model.Prepare(photo)), model.DefaultLayer.Name, run).Maps;
    }

    private static ImageModel Load(string name) =>
        ImageModel.Load(SharedData.Require(["models", .. (name + ".onnx").Split('/')]),
            new() { Preprocessing = PreprocessingOf(name) });

    private static Preprocessing PreprocessingOf(string name) => name switch
    {
        _ when name.StartsWith("squeezenet") => Preprocessing.Caffe,
        _ when name.Contains("_tf_") => Minus128,
        _ when name.Contains("int8") || name.StartsWith("resnet20") => Preprocessing.Imagenet,
        _ when name.StartsWith("resnet8") => Preprocessing.Byte,
        _ when name.EndsWith("winml") => Preprocessing.Inception,
        _ => Preprocessing.Unit,
    };

    private static RgbImage Photo(string name) => SkiaImage.Load(SharedData.Require("photos", name));

    private static string Size(LayerInfo layer) => $"{layer.Name} {layer.Channels}×{layer.Height}×{layer.Width}";
}
