using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Methods.Activation;

/// <summary>The methods that run only the end of the network: Ablation-CAM and Recipro-CAM.</summary>
public class TailTests
{
    private static readonly ReciproCamOptions PlainLogits = new() { Scored = ScoredValue.Logit, Gaussian = false };

    [Fact]
    public void With_pooling_and_a_linear_layer_Recipro_CAM_on_logits_is_CAM_up_to_scale()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        for (int c = 0; c < 5; c++)
        {
            Explanation cam = new CamExplainer(model).On(picture, Target.Class(c)),
                recipro = new ReciproCamExplainer(model, PlainLogits).On(picture, Target.Class(c));
            float bias = Tiny.Weights(tiny, "logits.bias")[c];
            for (int i = 0; i < 64; i++)
                recipro.RawMap.Values[i].Should().BeApproximately((cam.RawMap.Values[i] / 64) + bias, 1e-5f);
            recipro.Map.Values.LargestDifference(cam.Map.Values).Should().BeLessThan(1e-3f);
        }
    }

    [Fact]
    public void With_pooling_and_a_linear_layer_Ablation_CAM_weights_are_CAM_weights_times_the_mean_activation()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] activations = Tiny.Run(tiny.Model, picture.Tensor, "relu2"),
            weights = Tiny.Weights(tiny, "logits.weight"), logits = Tiny.Run(tiny.Model, picture.Tensor, "logits");
        for (int c = 0; c < 5; c++)
        {
            var expected = new float[64];
            for (int k = 0; k < 6; k++)
            {
                float[] map = Tiny.Channel(activations, k);
                for (int i = 0; i < 64; i++)
                    expected[i] += weights[(c * 6) + k] * map.Average() / Math.Abs(logits[c]) * map[i];
            }
            Explanation why = new AblationCamExplainer(model).On(picture, Target.Class(c));
            (why.RawMap.Values.LargestDifference(expected) / expected.Max(Math.Abs)).Should().BeLessThan(1e-4f);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    public void In_the_middle_of_a_network_both_methods_agree_with_a_tail_built_by_hand(int batch)
    {
        TinyModel tiny = Tiny.Features(batch: batch).MaxPool("pool").Reshape("flat", batch, 6 * 16)
            .Gemm("logits", 5, 6 * 16).Output();
        ModelProto tail = TailByHand(tiny, "relu1", [1, 4, 8, 8], batch);
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        ModelProto whole = batch == 3 ? Rebatched(tiny) : tiny.Model;
        float[] activations = Tiny.Run(whole, picture.Tensor, "relu1");
        float Logit(float[] a) => Tiny.Run(tail, a, "logits")[2];

        float y = Logit(activations);
        var ablation = new float[64];
        for (int k = 0; k < 4; k++)
        {
            float[] without = [.. activations];
            without.AsSpan(k * 64, 64).Clear();
            float weight = (y - Logit(without)) / Math.Abs(y);
            for (int i = 0; i < 64; i++)
                ablation[i] += weight * activations[(k * 64) + i];
        }
        Explanation why = new AblationCamExplainer(model, new() { Layers = ["relu1"] }).On(picture, Target.Class(2));
        (why.RawMap.Values.LargestDifference(ablation) / ablation.Max(Math.Abs)).Should().BeLessThan(1e-4f);

        float[] kernel = [1 / 16f, 1 / 8f, 1 / 16f, 1 / 8f, 1 / 4f, 1 / 8f, 1 / 16f, 1 / 8f, 1 / 16f];
        var recipro = new float[64];
        for (int i = 0; i < 64; i++)
            recipro[i] = Logit([.. activations.Select((a, n) =>
            {
                int dy = (n % 64 / 8) - (i / 8), dx = (n % 8) - (i % 8);
                return Math.Abs(dy) <= 1 && Math.Abs(dx) <= 1 ? a * kernel[((dy + 1) * 3) + dx + 1] : 0;
            })]);
        new ReciproCamExplainer(model, new() { Layers = ["relu1"], Scored = ScoredValue.Logit })
            .On(picture, Target.Class(2))
            .RawMap.Values.LargestDifference(recipro).Should().BeLessThan(1e-4f);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    public void Paths_that_bypass_the_layer_keep_the_values_of_the_picture(int batch)
    {
        TinyModel tiny = Tiny.Features(batch: batch).Conv("conv3", 6).Add("sum", "conv3", "relu2").Relu("joined")
            .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        ModelProto whole = tiny.Model.Clone();
        whole.Graph.Input[0] = new TinyModel().Input("image", 1, 3, 8, 8).Model.Graph.Input[0];
        float[] activations = Tiny.Run(whole, picture.Tensor, "conv3");
        var expected = new float[64];
        for (int place = 0; place < 64; place++)
        {
            float[] only = [.. activations.Select((value, i) => i % 64 == place ? value : 0)];
            ModelProto replaced = whole.Clone();
            replaced.Graph.Node.Single(node => node.Output[0] == "conv3").Output[0] = "unused";
            replaced.Graph.Initializer.Add(
                new TensorProto { Name = "conv3", DataType = 1, Dims = { 1, 6, 8, 8 }, FloatData = { only } });
            expected[place] = Tiny.Run(replaced, picture.Tensor, "logits")[2];
        }
        var options = new ReciproCamOptions { Layers = ["conv3"], Scored = ScoredValue.Logit, Gaussian = false };
        new ReciproCamExplainer(model, options).On(picture, Target.Class(2)).RawMap.Values.LargestDifference(expected)
            .Should().BeLessThan(1e-5f);
    }

    // Quantized, float16, NHWC, batch fixed to one, constants as inputs: the tail on the unchanged activations of the
    // layer must give the scores of the network.
    [Theory]
    [InlineData("models/squeezenet1.1_fp32_softmax.onnx", 1e-3f)]
    [InlineData("models/squeezenet1.1_fp16_softmax.onnx", 5e-2f)]
    [InlineData("models/mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx", 1e-3f)]
    [InlineData("models/mobilenet_v2_1.0_224_tf_qdq_uint8_nchw.onnx", 0.2f)]
    [InlineData("models/mobilenet_v2_int8_qlinear_nchw.onnx", 0.2f)]
    [InlineData("models/mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax.onnx", 1e-3f)]
    [InlineData("models/vww96_person_mobilenet_v1_0.25_fp32_nhwc_softmax.onnx", 1e-3f)]
    [InlineData("models/other/mnist-8.onnx", 1e-1f)]
    [InlineData("models/other/cifar10_cnn_winml.onnx", 1e-3f)]
    public void The_tail_of_a_real_network_reproduces_the_scores_of_the_network(string file, float tolerance)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(file.Split('/')));
        ImageInput input = model.Input;
        PreparedImage picture = Tiny.Picture(5, input.Channels, input.Height!.Value);
        Prediction prediction = model.Predict(picture);
        float[] scores = TailScores(model, picture);
        scores.Length.Should().Be(prediction.Logits.Length);
        scores.AsSpan().LargestDifference(prediction.Logits).Should().BeLessThan(tolerance);
    }

    private static float[] TailScores(ImageModel model, PreparedImage picture)
    {
        using var run = new RunContext(null, TestContext.Current.CancellationToken);
        var input = model.ToNetworkInput(picture);
        ForwardPass pass = model.Network.Forward(input, model.DefaultLayer.Name, run);
        Prediction prediction = model.Network.Head.Predict(pass.Values, model.Classes);
        Target[] targets = [.. Enumerable.Range(0, prediction.Logits.Length)
            .Select(c => Target.Class(c).Resolve(prediction))];
        using var tail = new NetworkTail(model.Network, pass, input, run);
        return [.. tail.Score(1, (_, _) => { }, targets, ScoredValue.Logit).Select(row => row[0])];
    }

    private static ModelProto TailByHand(TinyModel tiny, string layer, int[] dims, int batch)
    {
        ModelProto tail = tiny.Model.Clone();
        int cut = tail.Graph.Node.ToList().FindIndex(n => n.Output.Contains(layer));
        while (cut-- >= 0)
            tail.Graph.Node.RemoveAt(0);
        tail.Graph.Input.Clear();
        tail.Graph.Input.Add(new TinyModel().Input(layer, dims).Model.Graph.Input[0]);
        if (batch == 3)
            Single(tail);
        return tail;
    }

    private static ModelProto Rebatched(TinyModel tiny)
    {
        ModelProto single = tiny.Model.Clone();
        single.Graph.Input.Clear();
        single.Graph.Input.Add(new TinyModel().Input("image", 1, 3, 8, 8).Model.Graph.Input[0]);
        Single(single);
        return single;
    }

    /// <summary>The Reshape's batch becomes one.</summary>
    private static void Single(ModelProto model) =>
        model.Graph.Initializer.First(i => i.Name == "flat.shape").RawData =
            Google.Protobuf.ByteString.CopyFrom([.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(96L)]);
}
