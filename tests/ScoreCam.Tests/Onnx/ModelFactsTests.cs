using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>What a model states about its pictures, and networks that score the same picture differently.</summary>
public sealed class ModelFactsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The operators before the first convolution, and the preprocessing that the model then needs.
    public static TheoryData<string, string> Starts => new()
    {
        { "divided by 255", "Byte" },
        { "times 1/255", "Byte" },
        { "(x − 127.5) / 127.5", "Byte" },
        { "x / 127.5 − 1", "Byte" },
        { "x / 255, less a mean colour, by a deviation", "Byte" },
        { "less a mean colour, by a deviation", "Unit" },
        { "less a mean colour in bytes", "Byte" },
        { "2 · x − 1", "Unit" },
        { "cast, transposed, divided by 255", "Byte" },
        { "nothing", "Imagenet" },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void Preprocessing_in_the_graph_is_not_repeated(string start, string expected)
    {
        TinyModel model = new TinyModel(seed: 5).Input("image", -1, 3, 24, 20).Initializer("255", [1], 255f)
            .Initializer("1/255", [], 1 / 255f).Initializer("half", [1], 127.5f)
            .Initializer("mean", [1, 3, 1, 1], 0.485f, 0.456f, 0.406f)
                .Initializer("deviation", [1, 3, 1, 1], 0.229f, 0.224f, 0.225f)
            .Initializer("bytes", [1, 3, 1, 1], 124f, 117f, 104f).Initializer("one", [1], 1f)
                .Initializer("two", [1], 2f);
        TinyModel prepared = start switch
        {
            "divided by 255" => model.Op("Div", "a", ["image", "255"]),
            "times 1/255" => model.Op("Mul", "a", ["image", "1/255"]),
            "(x − 127.5) / 127.5" => model.Op("Sub", "a", ["image", "half"]).Op("Div", "b", ["a", "half"]),
            "x / 127.5 − 1" => model.Op("Div", "a", ["image", "half"]).Op("Sub", "b", ["a", "one"]),
            "x / 255, less a mean colour, by a deviation" => model.Op("Div", "a", ["image", "255"])
                .Op("Sub", "b", ["a", "mean"]).Op("Div", "c", ["b", "deviation"]),
            "less a mean colour, by a deviation" => model.Op("Sub", "b", ["image", "mean"])
                .Op("Div", "c", ["b", "deviation"]),
            "less a mean colour in bytes" => model.Op("Sub", "b", ["image", "bytes"]),
            "2 · x − 1" => model.Op("Mul", "a", ["image", "two"]).Op("Sub", "b", ["a", "one"]),
            "cast, transposed, divided by 255" => model.Cast("same", DataType.Float, "image").Transpose("t", 0, 1, 2, 3)
                .Op("Div", "a", ["t", "255"]),
            _ => model,
        };
        using ImageModel network =
            ImageModel.Load(prepared.Conv("conv", 6, from: model.Model.Graph.Node.Count == 0 ? "image" : null)
            .Relu("relu").GlobalAveragePool("gap").Flatten("flat")
            .Gemm("logits", 3, 6).Output().ToBytes());
        network.Preprocessing.Should()
            .Be(expected switch
            {
                "Byte" => Preprocessing.Byte,
                "Unit" => Preprocessing.Unit,
                _ =>
            Preprocessing.Imagenet
            });
        network.Warnings.Should().HaveCount(expected == "Imagenet" ? 1 : 0);
    }

    [Fact]
    public void A_warning_is_given_if_the_configuration_and_the_graph_both_normalise()
    {
        byte[] network = new TinyModel().Input("image", -1, 3, 24, 20).Initializer("255", [1], 255f)
            .Op("Div", "a", ["image", "255"]).Conv("c", 6).Relu("r")
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3, 6).Output().ToBytes();
        File.WriteAllBytes(_folder.File("model.onnx"), network);
        _folder.File("preprocessor_config.json", """
            {"size": {"height": 24, "width": 20}, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
            """);
        using ImageModel model = ImageModel.Load(_folder.Path), given =
            ImageModel.Load(_folder.Path, new() { Preprocessing = Preprocessing.Inception });
        model.Warnings.Should().ContainSingle().Which.Should().Contain("normalises pictures itself");
        given.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Random_numbers_in_the_network_give_a_warning()
    {
        TinyModel model = Networks.Body(new TinyModel(seed: 3).Input("image", -1, 3, Networks.Height, Networks.Width));
        model.Op("RandomNormalLike", "noise", [Networks.Layer]).Add("noisy", Networks.Layer, "noise")
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 10);
        using ImageModel network =
            ImageModel.Load(model.Output().ToBytes(), new() { Preprocessing = Preprocessing.Unit });
        network.Warnings.Should().ContainSingle().Which.Should()
            .Contain("RandomNormalLike").And.Contain("same picture");
    }

    [Theory]
    [InlineData(0.5f, true, true)]
    [InlineData(0.5f, false, false)]
    [InlineData(0f, true, false)]
    public void Dropout_in_training_mode_gives_a_warning(float ratio, bool training, bool warns)
    {
        TinyModel model = Networks.Body(new TinyModel(seed: 3).Input("image", -1, 3, Networks.Height, Networks.Width))
            .GlobalAveragePool("gap").Flatten("flat");
        model.Initializer("ratio", [], ratio);
        model.Model.Graph.Initializer.Add(new Support.Proto.TensorProto
        {
            Name = "training",
            DataType = 9,
            RawData =
            Google.Protobuf.ByteString.CopyFrom([training ? (byte)1 : (byte)0])
        });
        byte[] network = model.Op("Dropout", "dropped", ["flat", "ratio", "training"]).Gemm("logits", 5, 10).Output()
            .ToBytes();
        using ImageModel loaded = ImageModel.Load(network, new() { Preprocessing = Preprocessing.Unit });
        loaded.Warnings.Should().HaveCount(warns ? 1 : 0);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void A_normalisation_in_training_mode_is_run_one_picture_at_a_time(int mode, bool warns)
    {
        TinyModel model = new TinyModel(opset: 15, seed: 3).Input("image", -1, 3, Networks.Height, Networks.Width)
            .Conv("c", 6);
        model.Initializer("scale", [6], 1, 1, 1, 1, 1, 1f).Initializer("bias", [6], 0, 0, 0, 0, 0, 0f);
        string[] outputs = mode == 1 ? ["norm", "mean", "variance"] : ["norm"];
        model.Op("", "BatchNormalization", outputs, ["c", "scale", "bias", "bias", "scale"],
            Attribute("training_mode", mode));
        byte[] network = model.Relu("r", "norm").GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 6).Output()
            .ToBytes();
        using ImageModel loaded = ImageModel.Load(network, new() { Preprocessing = Preprocessing.Unit, BatchSize = 4 });
        loaded.Warnings.Should().HaveCount(warns ? 1 : 0);
        loaded.Network.Pool.BatchSize.Should().Be(warns ? 1 : 4);
        loaded.Explain(Networks.Picture(), Target.Class(1)).Warnings.Should().Equal(loaded.Warnings);
    }

    [Fact]
    public void Labels_of_an_encoder_name_the_classes()
    {
        TinyModel model = Networks.Trunk().Softmax("p").Import("ai.onnx.ml", 2)
            .Op("ArgMax", "best", ["p"], Attribute("axis", 1), Attribute("keepdims", 0L));
        var names = new Support.Proto.AttributeProto
        {
            Name = "values_strings",
            Type =
            Support.Proto.AttributeProto.Types.AttributeType.Strings
        };
        foreach (string name in new[] { "ant", "bee", "cat", "dog", "elk" })
            names.Strings.Add(Google.Protobuf.ByteString.CopyFromUtf8(name));
        model.Op("ai.onnx.ml", "LabelEncoder", ["label"], ["best"], Attribute("keys_int64s", 0, 1, 2, 3, 4), names)
            .OutputOf("label", DataType.String, -1);
        using ImageModel network = ImageModel.Load(model.ToBytes());
        (network.Classes[0], network.Classes[4]).Should().Be(("ant", "elk"));
        network.ScoreTensor.Should().Be("logits");
    }

    [Fact]
    public void A_stated_kind_of_scores_is_used()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { ScoreKind = ScoreKind.Sigmoid });
        float[] logits = Networks.Run(Networks.Logits(), Networks.Picture(), "logits");
        float[] expected = [.. logits.Select(z => (float)(1 / (1 + Math.Exp(-z))))];
        NpyRows.LargestDifference(model.Predict(Networks.Picture()).Probabilities, expected).Should().BeLessThan(1e-5f);
    }
}
