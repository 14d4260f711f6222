using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// One network with every kind of ending: the logits are found, and the map equals that of the network without an
/// ending.
/// </summary>
public class ScoreEndingsTests
{
    private static readonly PreparedImage Picture = Networks.Picture();

    public static TheoryData<string> Endings =>
        ["softmax", "logsoftmax", "sigmoid", "softmax cast identity", "softmax in four dimensions", "four dimensions",
        "argmax", "zipmap", "argmax and probabilities", "probabilities and argmax", "log of softmax"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void The_logits_are_scored_whatever_operators_follow_them(string ending)
    {
        using ImageModel model = ImageModel.Load(Build(ending));
        float[] logits = Networks.Run(Networks.Trunk().Output().ToBytes(), Picture, "logits");

        Prediction prediction = model.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, logits).Should().BeLessThan(1e-5f);
        double total = logits.Sum(z => Math.Exp(z));
        float[] probabilities = ending == "sigmoid" ? [.. logits.Select(z => (float)(1 / (1 + Math.Exp(-z))))]
            : [.. logits.Select(z => (float)(Math.Exp(z) / total))];
        NpyRows.LargestDifference(prediction.Probabilities, probabilities).Should().BeLessThan(1e-5f);
        model.ScoreKind.Should().Be(ending == "sigmoid" ? ScoreKind.Sigmoid : ScoreKind.Softmax);
        model.DefaultLayer.Name.Should().Be(Networks.Layer);

        Explanation why = model.Explain(Picture), expected = Networks.Explain(Networks.Logits(), Picture);
        why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-5f);
        why.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_single_sigmoid_gives_two_classes()
    {
        using ImageModel model =
            ImageModel.Load(Networks.Trunk(classes: 1).Sigmoid("p").Output()
            .ToBytes(), new() { Labels = new(["no person", "person"]) });
        float z = Networks.Run(Networks.Trunk(classes: 1).Output().ToBytes(), Picture, "logits")[0];

        Prediction prediction = model.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, [-z, z]).Should().BeLessThan(1e-5f);
        float yes = 1 / (1 + MathF.Exp(-z));
        NpyRows.LargestDifference(prediction.Probabilities, [1 - yes, yes]).Should().BeLessThan(1e-6f);
        model.ScoreKind.Should().Be(ScoreKind.Sigmoid);

        Explanation no = model.Explain(Picture, Target.Class("no person")), person =
            model.Explain(Picture, Target.Class(1));
        no.Layers[0].ChannelScores.Should().Equal(person.Layers[0].ChannelScores.Select(s => -s));
        no.Probability.Should().BeApproximately(1 - yes, 1e-6f);
        no.Map.DifferenceTo(person.Map).Should().BeGreaterThan(0.1f);
        ((Action)(() => model.Explain(Picture, Target.Class(2)))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*2 classes, 0 to 1*");
    }

    [Fact]
    public void A_single_output_without_an_ending_is_a_value_unless_an_option_makes_it_a_logit()
    {
        byte[] network = Networks.Trunk(classes: 1).Output().ToBytes();
        float z = Networks.Run(network, Picture, "logits")[0];
        using ImageModel value = ImageModel.Load(network);
        (value.ScoreKind, value.Classes.Count, value.Classes[0]).Should().Be((ScoreKind.Value, 1, "value"));
        value.Warnings.Should().Contain(w => w.Contains("without a sigmoid") && w.Contains("ModelOptions.ScoreKind"));
        Prediction prediction = value.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, [z]).Should().BeLessThan(1e-5f);
        prediction.Probabilities.IsEmpty.Should().BeTrue("a value has no probability");
        Explanation why = value.Explain(Picture, Target.Predicted);
        (why.ClassIndex, why.Probability).Should().Be((0, null));
        why.Logit.Should().BeApproximately(z, 1e-5f);
        why.Warnings.Should().ContainSingle().Which.Should().Contain("without a sigmoid");
        FluentActions.Invoking(() =>
            value.Explain(Picture, Target.Predicted, new() { Preset = ScoreCamPreset.Official }))
            .Should().Throw<UnsupportedModelException>().WithMessage("*one value*ModelOptions.ScoreKind*");

        foreach (ModelOptions options in (ModelOptions[])[new() { ScoreKind = ScoreKind.Sigmoid },
            new() { Labels = new(["no", "yes"]) }])
        {
            using ImageModel logit = ImageModel.Load(network, options);
            (logit.ScoreKind, logit.Classes.Count).Should().Be((ScoreKind.Sigmoid, 2));
            logit.Warnings.Should().NotContain(w => w.Contains("sigmoid"));
            NpyRows.LargestDifference(logit.Predict(Picture).Logits, [-z, z]).Should().BeLessThan(1e-5f);
        }
        FluentActions.Invoking(() => ImageModel.Load(network, new() { ScoreKind = ScoreKind.Softmax })).Should()
            .Throw<ArgumentException>()
            .WithMessage("*ScoreKind is Softmax*one value*");
        FluentActions.Invoking(() => ImageModel.Load(Networks.Logits(), new() { ScoreKind = ScoreKind.Value })).Should()
            .Throw<ArgumentException>()
            .WithMessage("*ScoreKind is Value*5 scores*");
    }

    [Fact]
    public void The_probabilities_among_several_outputs_are_chosen_unless_another_output_is_named()
    {
        TinyModel two = Networks.Trunk().Softmax("p").Output(dims: [-1, Networks.Classes]);
        byte[] network = two.Gemm("other", 3, from: "flat", inputs: 10).Output(dims: [-1, 3]).ToBytes();
        using ImageModel chosen = ImageModel.Load(network);
        using ImageModel named = ImageModel.Load(network, new() { Output = "other" });

        (chosen.Classes.Count, chosen.ScoreTensor).Should().Be((5, "logits"));
        (named.Classes.Count, named.ScoreTensor).Should().Be((3, "other"));
        NpyRows.LargestDifference(named.Predict(Picture).Logits, Networks.Run(network, Picture, "other")).Should()
            .BeLessThan(1e-5f);
        named.Explain(Picture).Layers[0].Layer.Name.Should().Be(Networks.Layer);
        ((Action)(() => ImageModel.Load(network, new() { Output = "othr" }))).Should()
            .Throw<UnsupportedModelException>()
            .WithMessage("*'othr'; did you mean 'other'?*").Which.Message.Should().NotContain("?.");
    }

    [Fact]
    public void A_label_output_does_not_hide_the_channels_of_the_classifier()
    {
        // As in SqueezeNet, the last convolution computes one map per class. Its output is not an activation layer,
        // even if the network returns only a label.
        TinyModel network = new TinyModel().Input("image", -1, 3, Networks.Height, Networks.Width).Conv("conv1", 8)
            .Relu("relu1").Conv("maps", 4, kernel: 1).GlobalAveragePool("gap").Flatten("logits");
        foreach (byte[] bytes in new[]
        {
            network.ToBytes(output => output.Output(dims: [-1, 4])),
            network.ToBytes(output =>
                output.Op("ArgMax", "label", ["logits"], Attribute("axis", 1), Attribute("keepdims", 1L))
                .OutputOf("label", DataType.Int64, -1, 1)),
        })
        {
            using ImageModel model = ImageModel.Load(bytes);
            model.Classes.Count.Should().Be(4);
            model.DefaultLayer.Name.Should().Be("relu1");
        }
    }

    private static byte[] Build(string ending)
    {
        TinyModel model = Networks.Trunk();
        return (ending switch
        {
            "softmax" => model.Softmax("p").Output(),
            "logsoftmax" => model.LogSoftmax("p").Output(),
            "sigmoid" => model.Sigmoid("p").Output(),
            "softmax cast identity" => model.Softmax("p").Cast("half", DataType.Float16).Unary("Identity", "same")
                .OutputOf("same", DataType.Float16, -1, Networks.Classes),
            "softmax in four dimensions" => model.Reshape("4d", -1, Networks.Classes, 1, 1).Softmax("p4d").Flatten("p")
                .Output(),
            "four dimensions" => model.Reshape("4d", -1, Networks.Classes, 1, 1).Output(),
            "argmax" => ArgMax(model.Softmax("p")),
            "zipmap" => ZipMap(model.Softmax("p")),
            "argmax and probabilities" => ArgMax(model.Softmax("p")).Output("p", -1, Networks.Classes),
            "probabilities and argmax" => ArgMax(model.Softmax("p").Output("p", -1, Networks.Classes)),
            "log of softmax" => model.Softmax("p").Unary("Log", "log").Output(),
            _ => throw new ArgumentException(ending),
        }).ToBytes();
    }

    private static TinyModel ArgMax(TinyModel model) =>
        model.Op("ArgMax", "label", ["p"], Attribute("axis", 1), Attribute("keepdims", 0L))
            .OutputOf("label", DataType.Int64, -1);

    private static TinyModel ZipMap(TinyModel model) => model.Import("ai.onnx.ml")
        .Op("ai.onnx.ml", "ZipMap", ["dictionary"], ["p"], Attribute("classlabels_int64s", 0, 1, 2, 3, 4))
            .OutputOf("dictionary", 0);
}
