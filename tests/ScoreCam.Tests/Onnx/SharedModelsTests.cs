using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>Real networks: the scores, the default layer and the layout of the input.</summary>
public class SharedModelsTests
{
    // The layers are those of the data folder's table. Where it states none, they were found in the graph by hand.
    [Theory]
    [InlineData("models/squeezenet1.1_fp32_softmax.onnx", "fire9/concat_1", "pool10_1", "Softmax", "Nchw", 1000)]
    [InlineData("models/squeezenet1.1_fp16_softmax.onnx", "fire9/concat_1", "pool10_1", "Softmax", "Nchw", 1000)]
    [InlineData("models/mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx", "clip_271", "logits", "None", "Nchw", 1001)]
    [InlineData("models/mobilenet_v2_1.0_224_tf_qdq_uint8_nchw.onnx", "dequantizelinear_835", "flatten_854", "Softmax",
        "Nchw", 1001)]
    [InlineData("models/mobilenet_v2_int8_qlinear_nchw.onnx", "697_quantized", "output", "None", "Nchw", 1000)]
    [InlineData("models/mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax.onnx", "clip_163", "flatten_168", "Softmax", "Nhwc",
        1001)]
    [InlineData("models/resnet20_cifar10_fp32_logits.onnx", "/layer3/layer3.2/Relu_1_output_0", "logits", "None",
        "Nchw", 10)]
    [InlineData("models/resnet8_cifar10_fp32_nhwc_softmax.onnx", "relu_38", "gemm_43", "Softmax", "Nhwc", 10)]
    [InlineData("models/vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax.onnx", "relu_109", "gemm_114", "Softmax",
        "Nhwc", 2)]
    [InlineData("models/other/mnist-8.onnx", "ReLU114_Output_0", "Plus214_Output_0", "None", "Nchw", 10)]
    [InlineData("models/other/dianna_mnist.onnx", "14", "24", "LogSoftmax", "Nchw", 2)]
    [InlineData("models/other/cifar10_cnn_winml.onnx", "43", "modelOutput", "None", "Nchw", 10)]
    [InlineData("models/light/light_bvlc_alexnet.onnx", "r13", "r24", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_densenet121.onnx", "r907", "fc6_1", "None", "Nchw", 1000)]
    [InlineData("models/light/light_inception_v1.onnx", "r137", "r143", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_inception_v2.onnx", "r504", "r507", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_resnet50.onnx", "r171", "r174", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_shufflenet.onnx", "r198", "r201", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_squeezenet.onnx", "r60", "r65", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_vgg19.onnx", "r35", "r46", "Softmax", "Nchw", 1000)]
    [InlineData("models/light/light_zfnet512.onnx", "r13", "r20", "Softmax", "Nchw", 1000)]
    [InlineData("demo-model/model.onnx", "/layer3/layer3.1/Relu_1_output_0", "logits", "None", "Nchw", 20)]
    [InlineData("golden/shapes/model.onnx", "/features/features.14/Relu_output_0", "logits", "None", "Nchw", 4)]
    [InlineData("golden/squeezenet_dog/model.onnx", "/features/features.12/Concat_output_0", "logits", "None", "Nchw",
        1000)]
    [InlineData("golden/edge/plain/model.onnx", "/features/features.3/Relu_output_0", "logits", "None", "Nchw", 5)]
    [InlineData("golden/edge/gray/model.onnx", "/features/features.3/Relu_output_0", "logits", "None", "Nchw", 5)]
    [InlineData("golden/edge/nonsquare_32x48/model.onnx", "/features/features.3/Relu_output_0", "logits", "None",
        "Nchw", 5)]
    [InlineData("golden/edge/negative/model.onnx", "/features/features.4/Sub_output_0", "logits", "None", "Nchw", 5)]
    [InlineData("golden/edge/dead_layer/model.onnx", "/features/features.4/Mul_output_0", "logits", "None", "Nchw", 5)]
    [InlineData("golden/edge/dead_channel/model.onnx", "/features/features.4/ScatterND_output_0", "logits", "None",
        "Nchw", 5)]
    [InlineData("golden/edge/constant_channel/model.onnx", "/features/features.4/ScatterND_output_0", "logits", "None",
        "Nchw", 5)]
    public void The_default_layer_the_scores_and_the_layout_are_found(
        string file, string layer, string scores, string ending, string layout, int classes)
    {
        string path = SharedData.Require(file.Split('/'));
        using ImageModel model = ImageModel.Load(File.ReadAllBytes(path), new() { Preprocessing = Preprocessing.Unit });
        model.ScoreTensor.Should().Be(scores);
        model.Input.Layout.ToString().Should().Be(layout);
        model.Classes.Count.Should().Be(classes);
        model.DefaultLayer.Name.Should().Be(layer);
        model.DefaultLayer.Layout.Should().Be(FeatureLayout.Nchw);
        model.Layers.Should().Contain(model.DefaultLayer).And.OnlyHaveUniqueItems(l => l.Name);
        model.Warnings.Should().BeEmpty();

        OnnxGraph graph = OnnxGraph.Read(File.ReadAllBytes(path));
        ScoreSource source = OutputActivation.Find(graph, new ImageFlow(graph, model.Input.Name), null);
        source.Ending.ToString().Should().Be(ending);
        source.IsCertain.Should().BeTrue("none of these needs a trial run");
        source.AlternativeOutputs.Should().BeEmpty();
    }
}
