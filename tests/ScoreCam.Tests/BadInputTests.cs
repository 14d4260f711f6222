using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests;

/// <summary>Mistakes of users give the documented exception. Its message names the value and the solution.</summary>
public class BadInputTests
{
    [Fact]
    public void A_path_without_a_single_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        Load(folder.File("absent.onnx")).Should().Throw<FileNotFoundException>()
            .WithMessage("*absent.onnx*.onnx file*folder*");
        Load(folder.Path).Should().Throw<FileNotFoundException>().WithMessage($"*{folder.Path}*model.onnx*");
        ((Action)(() => ImageModel.Load(" "))).Should().Throw<ArgumentException>();
        ((Action)(() => ImageModel.Load((string)null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => ImageModel.Load((byte[])null!))).Should().Throw<ArgumentNullException>();

        File.WriteAllBytes(folder.File("one.onnx"), Networks.Logits());
        File.WriteAllBytes(folder.File("two.onnx"), Networks.Logits());
        Load(folder.Path).Should().Throw<FileNotFoundException>().WithMessage("*one.onnx, two.onnx*");
    }

    [Fact]
    public void A_file_that_is_not_a_complete_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        Load(folder.File("text.onnx", "hello")).Should().Throw<UnsupportedModelException>().WithMessage("*text file*");
        Load(folder.File("empty.onnx", "")).Should().Throw<UnsupportedModelException>().WithMessage("*0 bytes*");
        byte[] whole = Networks.Logits();
        foreach (double share in new[] { 0.05, 0.3, 0.6, 0.9, 0.999 })
        {
            File.WriteAllBytes(folder.File("cut.onnx"), whole[..(int)(share * whole.Length)]);
            Load(folder.File("cut.onnx")).Should().Throw<UnsupportedModelException>();
        }
    }

    [Fact]
    public void The_reason_of_ONNX_Runtime_for_refusing_a_network_is_reported()
    {
        byte[] unknown = new TinyModel().Input("image", 1, 3, 8, 8).Conv("conv", 4).Op("NoSuchOperator", "x", ["conv"])
            .GlobalAveragePool("gap").Flatten("logits").Output().ToBytes();
        Load(unknown).Should().Throw<UnsupportedModelException>().WithMessage("*'model'*NoSuchOperator*")
            .WithInnerException<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>();
    }

    [Fact]
    public void A_network_without_maps_can_predict_but_cannot_be_explained()
    {
        byte[] mlp = new TinyModel().Input("image", -1, 3, 8, 8).Flatten("flat").Gemm("hidden", 16, inputs: 192)
            .Relu("relu").Gemm("logits", 4).Output().ToBytes();
        using ImageModel model = ImageModel.Load(mlp);
        model.Predict(Networks.Picture(1, 3, 8, 8)).Logits.Length.Should().Be(4);
        model.Layers.Should().BeEmpty();
        ((Action)(() => _ = new ScoreCamExplainer(model))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*no layer with activation maps*");
        ((Action)(() => new ScoreCamExplainer(model, new() { Layers = ["relu"] })
            .Explain(Networks.Picture(1, 3, 8, 8)))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*'relu'*[1, 16]*");
    }

    [Fact]
    public void Inputs_that_are_not_one_picture_are_refused()
    {
        Load(new TinyModel().Input("left", 1, 3, 8, 8).Input("right", 1, 3, 8, 8).Add("both", "left", "right")
            .GlobalAveragePool("gap").Flatten("logits").Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*2 image inputs*left*right*");
        Load(new TinyModel().Input("image", 1, 3, 8, 8).Input("age", 1, 1).GlobalAveragePool("gap", "image")
            .Flatten("flat").Add("logits", "flat", "age").Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*several inputs*age*");
        Load(new TinyModel().Input("tokens", 1, 77).Gemm("logits", 4, inputs: 77).Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*no image input*tokens*");
        Load(new TinyModel().Input("bands", 1, 5, 8, 8).Conv("conv", 4).GlobalAveragePool("gap").Flatten("logits")
            .Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*bands*");
        Load(new TinyModel().InputOf("image", DataType.Double, 1, 3, 8, 8).Cast("real", DataType.Float).Conv("conv", 4)
            .GlobalAveragePool("gap").Flatten("logits").Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*image*Double*float32, float16 or uint8*");
    }

    [Fact]
    public void An_output_that_is_not_a_list_of_classes_is_refused()
    {
        Load(new TinyModel().Input("image", 1, 3, 8, 8).Conv("segments", 4).Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*'segments'*[1, 4, 8, 8]*ModelOptions.Output*");
        Load(Networks.Trunk().Op("SequenceConstruct", "list", ["logits"]).Output().ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*'list' is a sequence*ModelOptions.Output*");
        Load(Networks.Trunk().Cast("whole", DataType.Int32).OutputOf("whole", DataType.Int32, -1, 5).ToBytes())
            .Should().Throw<UnsupportedModelException>().WithMessage("*'whole'*Int32*ModelOptions.Output*");
    }

    [Fact]
    public void Tensors_of_another_shape_or_with_NaN_are_refused()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        ((Action)(() => model.Explain(Networks.Picture(1, 3, 20, 24)))).Should().Throw<ArgumentException>()
            .WithMessage("*3 × 20 × 24*3 × 24 × 20*");
        ((Action)(() => model.Explain(Networks.Picture(1, 1)))).Should().Throw<ArgumentException>()
            .WithMessage("*1 × 24 × 20*3 × 24 × 20*");
        ((Action)(() => model.Predict(Networks.Picture(1, 3, 23, 20)))).Should().Throw<ArgumentException>()
            .WithMessage("*3 × 23 × 20*");

        float[] values = new float[3 * 4 * 5];
        ((Action)(() => PreparedImage.FromTensor(values, 3, 4, 4))).Should().Throw<ArgumentException>()
            .WithMessage("*3 × 4 × 4*48*60*");
        // The size is 2⁶⁴ values, which must not overflow to zero.
        ((Action)(() => PreparedImage.FromTensor([], 1 << 22, 1 << 21, 1 << 21))).Should().Throw<ArgumentException>()
            .WithMessage("*18446744073709551616*not 0*");
        ((Action)(() => model.Mask(PreparedImage.FromTensor(new float[2 * 24 * 20], 2, 24, 20), new(1, 1, [1f]),
            MaskFill.Color(1, 2, 3)))).Should().Throw<ArgumentException>().WithMessage("*2 × 24 × 20*3 × 24 × 20*");
        values[33] = float.NaN;
        ((Action)(() => PreparedImage.FromTensor(values, 3, 4, 5))).Should().Throw<ArgumentException>()
            .WithMessage("*channel 1, row 2, column 3*NaN*");
    }

    [Fact]
    public void Options_that_do_not_fit_the_model_are_refused()
    {
        Load(Networks.Logits(), new() { Labels = new(["a", "b"]) }).Should().Throw<ArgumentException>()
            .WithMessage("2 class names*5 classes*");
        Load(Networks.Logits(), new() { Workers = 0 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*Workers*0*");
        Load(Networks.Logits(), new() { BatchSize = -1 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*BatchSize*-1*");
        using (ImageModel greedy = ImageModel.Load(Networks.Logits(), new() { BatchSize = int.MaxValue }))
            ((Action)(() => greedy.Explain(Networks.Picture()))).Should().Throw<ArgumentException>()
                .WithMessage("*2147483647 pictures of 3 × 24 × 20*BatchSize*");
        using ImageModel model =
            ImageModel.Load(Networks.Logits(),
            new() { Preprocessing = Preprocessing.Unit with { Width = 224, Height = 224 } });
        ((Action)(() => model.Prepare(new RgbImage(2, 2, new byte[12])))).Should().Throw<ArgumentException>()
            .WithMessage("*Width is 224*fixed width of 20*");
        ((Action)(() => new ScoreCamExplainer(model, new() { Preset = (ScoreCamPreset)99 }))).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*Paper*99*");
        ((Action)(() => new ScoreCamExplainer(null!))).Should().Throw<ArgumentNullException>();

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), Networks.Logits());
        folder.File("config.json", """{"id2label": {"0": "only one"}}""");
        Load(folder.Path).Should().Throw<InvalidDataException>().WithMessage("*config.json*1 classes*has 5.*");
        File.Delete(folder.File("config.json"));
        folder.File("preprocessor_config.json", "{ not json");
        Load(folder.Path).Should().Throw<InvalidDataException>().WithMessage("*preprocessor_config.json*");
    }

    [Fact]
    public void Non_finite_activations_are_refused()
    {
        // The convolution gives some negative values, and their square root is NaN.
        TinyModel body = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width)).Unary("Sqrt", "root", "conv2").Relu("after");
        byte[] network = Networks.Head(body).Output().ToBytes();
        ((Action)(() => Networks.Explain(network, Networks.Picture(), layers: "root"))).Should()
            .Throw<ScoreCamException>().WithMessage("*channel*layer 'root'*NaN*");
    }

    [Fact]
    public void Non_finite_scores_of_the_picture_or_of_masked_pictures_are_refused()
    {
        byte[] always = Networks.Trunk().Initializer("zero", [1], 0f).Op("Div", "scores", ["logits", "zero"]).Output()
            .ToBytes();
        ((Action)(() => Networks.Explain(always, Networks.Picture()))).Should().Throw<ScoreCamException>()
            .WithMessage("*score of class*finite*");
        using ImageModel model = ImageModel.Load(always);
        ((Action)(() => model.Predict(Networks.Picture()))).Should().Throw<ScoreCamException>()
            .WithMessage("*score of class*");

        // The scores are divided by the brightest pixel. It is zero in a picture that a dead channel masks.
        byte[] masked = Networks.Head(
            Networks.Body(new TinyModel(seed: Networks.Seed).Input("image", -1, 3, Networks.Height, Networks.Width))
                .Initializer("live", [1, 10, 1, 1], [0, .. Enumerable.Repeat(1f, 9)])
                    .Mul("half_dead", Networks.Layer, "live"))
            .Op("ReduceMax", "brightest", ["image"], Attribute("axes", 1, 2, 3), Attribute("keepdims", 0L))
                .Initializer("axis", [1], 1L).Op("Unsqueeze", "column", ["brightest", "axis"])
            .Op("Div", "scores", ["logits", "column"]).Output(dims: [-1, Networks.Classes]).ToBytes();
        using ImageModel fragile = ImageModel.Load(masked);
        fragile.Predict(Networks.Picture()).Logits.ToArray().Should().OnlyContain(z => float.IsFinite(z));
        ((Action)(() => fragile.Explain(Networks.Picture(), options: new() { Layers = ["half_dead"] }))).Should()
            .Throw<ScoreCamException>().WithMessage("*score of class*");
        fragile.Predict(Networks.Picture()).Logits.ToArray().Should()
            .OnlyContain(z => float.IsFinite(z), "the model still works");
    }

    [Fact]
    public void A_network_that_declares_batches_but_accepts_one_picture_runs_one_at_a_time()
    {
        byte[] network = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width)).GlobalAveragePool("gap")
            .Reshape("flat", 1, 10).Gemm("logits", 5).Output().ToBytes();
        Networks.Explain(network, Networks.Picture()).Map.Values.ToArray().Should()
            .Contain(1f, "one picture at a time is the default on a CPU");
        ((Action)(() => Networks.Explain(network, Networks.Picture(), options: new() { BatchSize = 4 }))).Should()
            .Throw<ScoreCamException>().WithMessage("*BatchSize*")
                .WithInnerException<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>();
        // The same applies to methods that run only the part after a layer.
        using ImageModel asked = ImageModel.Load(network, new() { BatchSize = 4 });
        ((Action)(() => new ReciproCamExplainer(asked).Explain(Networks.Picture()))).Should()
            .Throw<ScoreCamException>().WithMessage("*BatchSize*");
    }

    [Fact]
    public void A_large_network_that_accepts_one_picture_runs_one_at_a_time_by_default()
    {
        // No operator reads the weights that make the network large.
        byte[] Large(long batch) =>
            Networks.Body(new TinyModel(seed: Networks.Seed).Input("image", -1, 3, Networks.Height, Networks.Width))
            .GlobalAveragePool("gap")
            .Reshape("flat", batch, 10).Gemm("logits", 5).Initializer("weights", [9_000_000], new float[9_000_000])
                .Output().ToBytes();
        using ImageModel one = ImageModel.Load(Large(1)), any = ImageModel.Load(Large(-1));
        (one.Network.Pool.BatchSize, any.Network.Pool.BatchSize).Should().Be((4, 4));
        var reports = new Reports();
        var why = new ScoreCamExplainer(one)
            .Explain(Networks.Picture(), Target.Class(1), reports, TestContext.Current.CancellationToken);
        why.Layers[0].ChannelScores.Should()
            .Equal(any.Explain(Networks.Picture(), Target.Class(1)).Layers[0].ChannelScores);
        reports.All.Select(report => report.Done).Should()
            .BeEquivalentTo(Enumerable.Range(1, 10), "each channel is scored once");
        (one.Network.Pool.BatchSize, any.Network.Pool.BatchSize).Should().Be((1, 4));
    }

    [Fact]
    public void One_row_of_scores_for_a_whole_batch_is_refused()
    {
        byte[] network = Networks.Trunk().Op("ReduceMean", "mean", ["logits"], Attribute("axes", [0L])).Output()
            .ToBytes();
        Networks.Explain(network, Networks.Picture()).Map.Values.ToArray().Should().Contain(1f);
        ((Action)(() => Networks.Explain(network, Networks.Picture(), options: new() { BatchSize = 2 }))).Should()
            .Throw<ScoreCamException>().WithMessage("A batch of 2 gave 5 scores; 2 × 5 were expected.*BatchSize*");
    }

    private static Action Load(string path) => () => ImageModel.Load(path).Dispose();

    private static Action Load(byte[] bytes, ModelOptions? options = null) => () =>
        ImageModel.Load(bytes, options).Dispose();
}
