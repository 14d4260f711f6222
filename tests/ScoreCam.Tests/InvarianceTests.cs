using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests;

/// <summary>
/// A map must not depend on how the work is divided, on the order of the requests, or on how the network stores the
/// same numbers.
/// </summary>
public class InvarianceTests
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void The_network_of_these_tests_gives_different_weights_and_maps()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        Explanation why = model.Explain(Networks.Picture());

        why.Layers[0].Layer.Name.Should().Be(Networks.Layer);
        why.Layers[0].DeadChannels.Should().Be(0);
        why.Passes.Should().Be(10, "without dead channels every channel is one pass");
        why.Layers[0].ChannelWeights.Max().Should()
            .BeInRange(0.2f, 0.95f, "equal weights or a single weight would hide the errors that these tests look for");
        model.Explain(Networks.Picture(), Target.Class(0)).Map.DifferenceTo(why.Map).Should()
            .BeGreaterThan(0.1f, "another class has another map");
        model.Explain(Networks.Picture(8)).Map.DifferenceTo(why.Map).Should()
            .BeGreaterThan(0.1f, "another picture has another map");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(8, 1)]
    [InlineData(32, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    [InlineData(2, 4)]
    public void Batches_and_workers_do_not_change_the_map(int batchSize, int workers)
    {
        Explanation expected = Networks.Explain(Networks.Logits(), Networks.Picture(),
            options: new() { BatchSize = 1, Workers = 1 });
        Explanation actual = Networks.Explain(Networks.Logits(), Networks.Picture(),
            options: new() { BatchSize = batchSize, Workers = workers });

        actual.Layers[0].ChannelScores.Should().Equal(expected.Layers[0].ChannelScores, "all bits are equal");
        actual.Map.Values.SequenceEqual(expected.Map.Values).Should().BeTrue();
        actual.RawMap.Values.SequenceEqual(expected.RawMap.Values).Should().BeTrue();
        actual.Passes.Should().Be(expected.Passes);
    }

    [Theory]
    [InlineData(ScoreCamPreset.Paper)]
    [InlineData(ScoreCamPreset.IncreaseOfConfidence)]
    public void Batches_and_workers_do_not_change_a_bit_on_a_trained_network(ScoreCamPreset preset)
    {
        string path = Path.Combine(SharedFolder.Repository, "models", "everyday20");
        RgbImage photo = SkiaImage.Load(Path.Combine(SharedFolder.Repository, "photos", "chelsea.png"));
        Explanation? expected = null;
        foreach ((int batchSize, int workers) in new[] { (1, 1), (1, 2), (5, 2), (16, 1) })
        {
            using ImageModel model = ImageModel.Load(path, new() { BatchSize = batchSize, Workers = workers });
            Explanation actual = model.Explain(model.Prepare(photo), Target.Predicted, new() { Preset = preset });
            expected ??= actual;
            actual.Layers[0].ChannelScores.Should()
                .Equal(expected.Layers[0].ChannelScores, $"batches of {batchSize}, {workers} workers");
            actual.Map.Values.SequenceEqual(expected.Map.Values).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("Gemm")]
    [InlineData("MatMul")]
    [InlineData("one logit")]
    [InlineData("depthwise")]
    [InlineData("attention")]
    [InlineData("normalisation")]
    public void Batches_and_workers_do_not_change_a_bit_with_other_operators(string operators)
    {
        TinyModel start = new TinyModel(seed: 3).Input("image", -1, 3, Networks.Height, Networks.Width)
            .Conv("conv", 12).Relu(Networks.Layer);
        int positions = Networks.Height * Networks.Width;
        byte[] network = (operators switch
        {
            "Gemm" => start.Flatten("flat").Gemm("logits", 5, 12 * positions),
            "MatMul" => start.Flatten("flat").MatMul("hidden", 257, 12 * positions).Relu("hidden_relu")
                .MatMul("logits", 5, 257),
            "one logit" => start.Flatten("flat").MatMul("logits", 1, 12 * positions),
            "depthwise" => start.Conv("d", 12, group: 12).Relu("d_relu").Conv("p", 31, kernel: 1).Relu("p_relu")
                .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5),
            "attention" => start.Transpose("turned", 0, 1, 3, 2).Op("MatMul", "product", [Networks.Layer, "turned"])
                .Relu("p_relu").GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 12),
            _ => start.Op("InstanceNormalization", "norm", [Networks.Layer, "conv.bias", "conv.bias"]).Relu("n_relu")
                .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 12),
        }).Output().ToBytes();
        Explanation? expected = null;
        foreach ((int batchSize, int workers) in new[] { (1, 1), (2, 2), (3, 1), (5, 2), (16, 1) })
        {
            ModelOptions options = new()
            {
                BatchSize = batchSize,
                Workers = workers,
                ScoreKind = operators == "one logit" ? ScoreKind.Sigmoid : null
            };
            Explanation actual = Networks.Explain(network, Networks.Picture(), Target.Class(1), options,
                Networks.Layer);
            expected ??= actual;
            actual.Layers[0].ChannelScores.Should()
                .Equal(expected.Layers[0].ChannelScores, $"batches of {batchSize}, {workers} workers");
        }
        expected!.Layers[0].ChannelScores.Distinct().Should().HaveCountGreaterThan(5);
    }

    [Fact]
    public void A_network_that_quantises_by_the_batch_runs_one_picture_at_a_time()
    {
        // In a batch the scale of the activations would depend on all pictures, and so would the score of each picture.
        byte[] network = QuantisesByBatch(-1);
        Explanation expected = Networks.Explain(network, Networks.Picture(),
            options: new() { BatchSize = 1, Workers = 1 });
        Explanation actual = Networks.Explain(network, Networks.Picture(), options: new() { BatchSize = 8 });
        actual.Layers[0].ChannelScores.Should().Equal(expected.Layers[0].ChannelScores);
        expected.Layers[0].ChannelScores.Distinct().Should().HaveCountGreaterThan(5);
    }

    [Fact]
    public void The_unused_part_of_a_fixed_batch_contains_no_earlier_pictures()
    {
        // The other pictures in the batch change the scale of the activations, and so the scores.
        using ImageModel fresh = ImageModel.Load(QuantisesByBatch(4)),
            used = ImageModel.Load(QuantisesByBatch(4), new() { Workers = 1 });
        float[] bright = [.. Networks.Picture().Tensor.ToArray().Select(value => 100 * value)];
        used.Explain(PreparedImage.FromTensor(bright, 3, Networks.Height, Networks.Width));
        used.Predict(Networks.Picture()).Logits.ToArray().Should()
            .Equal(fresh.Predict(Networks.Picture()).Logits.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void A_fixed_batch_gives_the_same_map_as_a_free_batch(int batch)
    {
        using ImageModel model = ImageModel.Load(Networks.Logits(batch), new() { BatchSize = 3 });
        model.Input.Batch.Should().Be(batch);

        // 10 passes fill half of the last batch of 4, and they do not fill a batch of 16.
        Explanation expected = Networks.Explain(Networks.Logits(), Networks.Picture());
        Explanation actual = model.Explain(Networks.Picture());
        actual.Map.DifferenceTo(expected.Map).Should().BeLessThan(Tolerance);
        actual.Logit.Should().BeApproximately(expected.Logit!.Value, Tolerance);
        model.Explain(Networks.Picture(8)).Map.DifferenceTo(
            Networks.Explain(Networks.Logits(), Networks.Picture(8)).Map).Should()
            .BeLessThan(Tolerance, "nothing remains of the earlier picture");
        model.Predict(Networks.Picture()).Logits[2].Should().BeApproximately(expected.Logit!.Value, Tolerance);
    }

    [Fact]
    public void The_order_of_targets_does_not_change_their_maps()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        var explainer = new ScoreCamExplainer(model);
        Target[] targets = [Target.Class(3), Target.Predicted, Target.Contrast(Target.Class(0), Target.Class(1)),
            Target.Class(3)];

        IReadOnlyList<Explanation> together =
            explainer.Explain(Networks.Picture(), targets, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<Explanation> reversed =
            explainer.Explain(Networks.Picture(), [.. targets.Reverse()],
            cancellationToken: TestContext.Current.CancellationToken);

        for (int i = 0; i < targets.Length; i++)
        {
            together[i].Map.DifferenceTo(reversed[^(i + 1)].Map).Should().BeLessThan(Tolerance);
            together[i].Map.DifferenceTo(model.Explain(Networks.Picture(), targets[i]).Map).Should()
                .BeLessThan(Tolerance);
            together[i].TargetName.Should().Be(reversed[^(i + 1)].TargetName);
        }
    }

    [Fact]
    public void Nhwc_and_Nchw_inputs_give_the_same_map()
    {
        byte[] nhwc = Networks.Tail(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, Networks.Height, Networks.Width, 3).Transpose("nchw", 0, 3, 1, 2)).Output().ToBytes();
        using ImageModel model = ImageModel.Load(nhwc, new() { BatchSize = 3 });
        model.Input.Should().Be(new ImageInput
        {
            Name = "image",
            ElementType = model.Input.ElementType,
            Layout = TensorLayout.Nhwc,
            Channels = 3,
            Height = Networks.Height,
            Width = Networks.Width
        });

        Explanation expected = Networks.Explain(Networks.Logits(), Networks.Picture());
        model.Explain(Networks.Picture()).Map.DifferenceTo(expected.Map).Should().BeLessThan(Tolerance);
    }

    [Fact]
    public void An_Nhwc_layer_gives_the_same_map_as_its_transpose()
    {
        TinyModel model = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width)).Transpose("nhwc", 0, 2, 3, 1).Relu("nhwc_relu")
            .Transpose("back", 0, 3, 1, 2);
        byte[] network = Networks.Head(model).Output().ToBytes();

        Explanation expected = Networks.Explain(Networks.Logits(), Networks.Picture());
        Explanation actual = Networks.Explain(network, Networks.Picture(), layers: "nhwc_relu");
        (actual.Layers[0].Layer.Channels, actual.Layers[0].Layer.Height, actual.Layers[0].Layer.Width).Should()
            .Be((10, 12, 10));
        actual.Map.DifferenceTo(expected.Map).Should().BeLessThan(Tolerance);
        NpyRows.LargestDifference(actual.Layers[0].ChannelScores.ToArray(), expected.Layers[0].ChannelScores.ToArray())
            .Should().BeLessThan(1e-4f);
    }

    [Fact]
    public void The_order_of_channels_does_not_change_the_map()
    {
        long[] order = [3, 9, 0, 5, 1, 8, 2, 7, 4, 6];
        long[] back = [.. Enumerable.Range(0, 10).Select(k => (long)Array.IndexOf(order, k))];
        TinyModel model = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width))
            .Initializer("order", [10], order).Initializer("back", [10], back)
            .Op("Gather", "permuted", [Networks.Layer, "order"], Attribute("axis", 1))
                .Op("Gather", "restored", ["permuted", "back"], Attribute("axis", 1));
        byte[] network = Networks.Head(model).Output().ToBytes();

        Explanation plain = Networks.Explain(network, Networks.Picture(), layers: Networks.Layer);
        Explanation permuted = Networks.Explain(network, Networks.Picture(), layers: "permuted");
        permuted.Map.DifferenceTo(plain.Map).Should().BeLessThan(Tolerance);
        permuted.Layers[0].ChannelScores.Should()
            .Equal(order.Select(k => plain.Layers[0].ChannelScores[(int)k]), "each channel keeps its score");
    }

    [Fact]
    public void Float16_is_near_float32_on_a_photograph()
    {
        string file = "squeezenet1.1_fp{0}_softmax.onnx";
        RgbImage photo = SkiaImage.Load(SharedData.Require("photos", "chelsea.png"));
        var options = new ModelOptions { Preprocessing = Preprocessing.Caffe };
        using ImageModel single = ImageModel.Load(SharedData.Require("models", string.Format(file, 32)), options);
        using ImageModel half = ImageModel.Load(SharedData.Require("models", string.Format(file, 16)), options);

        Explanation expected = single.Explain(single.Prepare(photo), Target.Predicted);
        Explanation actual = half.Explain(half.Prepare(photo), Target.Predicted);
        actual.ClassIndex.Should().Be(285).And.Be(expected.ClassIndex);
        actual.Map.DifferenceTo(expected.Map).Should().BeInRange(1e-6f, 0.05f, "float16 differs only by rounding");
    }

    private static byte[] QuantisesByBatch(int batch)
    {
        byte[] weights = new byte[10 * Networks.Classes];
        new Random(5).NextBytes(weights);
        return Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", batch, 3, Networks.Height, Networks.Width)).GlobalAveragePool("gap").Flatten("flat")
            .Op("", "DynamicQuantizeLinear", ["q", "q.scale", "q.zero"], ["flat"])
                .Initializer("w", [10, Networks.Classes], weights).Initializer("w.zero", [], (byte)128)
            .Op("MatMulInteger", "product", ["q", "w", "q.zero", "w.zero"]).Cast("real", DataType.Float)
                .Mul("logits", "real", "q.scale").Output().ToBytes();
    }
}
