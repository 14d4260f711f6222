using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>One network with every kind of ending: the logits are found, and the map is that of the network that ends in them.</summary>
public class ScoreEndingsTests
{
    private static readonly PreparedImage Picture = Networks.Picture();

    public static TheoryData<string> Endings => ["softmax", "logsoftmax", "sigmoid", "softmax cast identity", "softmax in four dimensions", "four dimensions", "argmax", "zipmap", "argmax and probabilities", "probabilities and argmax", "log of softmax"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void The_logits_are_scored_whatever_comes_after(string ending)
    {
        using ImageModel model = ImageModel.Load(Build(ending));
        float[] logits = Raw(Networks.Trunk().Output().ToBytes(), "logits");

        Prediction prediction = model.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, logits).Should().BeLessThan(1e-5f);
        double total = logits.Sum(z => Math.Exp(z));
        float[] probabilities = ending == "sigmoid" ? [.. logits.Select(z => (float)(1 / (1 + Math.Exp(-z))))] : [.. logits.Select(z => (float)(Math.Exp(z) / total))];
        NpyRows.LargestDifference(prediction.Probabilities, probabilities).Should().BeLessThan(1e-5f);
        model.ScoreKind.Should().Be(ending == "sigmoid" ? ScoreKind.Sigmoid : ScoreKind.Softmax);
        model.DefaultLayer.Name.Should().Be(Networks.Layer);

        Explanation why = model.Explain(Picture), expected = Networks.Explain(Networks.Logits(), Picture);
        why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-5f);
        why.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Probabilities_without_a_recognised_ending_are_scored_by_their_logarithm_with_a_warning()
    {
        byte[] network = Networks.Trunk().Unary("Exp", "exp").Initializer("axes", [1], 1L).Op("ReduceSum", "sum", ["exp", "axes"]).Op("Div", "p", ["exp", "sum"]).Output(dims: [-1, Networks.Classes]).ToBytes();
        Explanation why = Networks.Explain(network, Picture);
        Explanation expected = Networks.Explain(Networks.Logits(), Picture, Target.Function("log p", z => z[2] - MathF.Log(z.ToArray().Sum(MathF.Exp))));

        why.Warnings.Should().ContainSingle().Which.Should().Contain("log-probabilities");
        why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-4f);
        float[] logits = Raw(Networks.Trunk().Output().ToBytes(), "logits");
        why.Probability.Should().BeApproximately((float)(Math.Exp(logits[2]) / logits.Sum(z => Math.Exp(z))), 1e-5f);
        why.Logit.Should().BeApproximately(MathF.Log(why.Probability!.Value), 1e-4f);
    }

    [Fact]
    public void One_sigmoid_is_a_question_with_two_answers()
    {
        using ImageModel model = ImageModel.Load(Networks.Trunk(classes: 1).Sigmoid("p").Output().ToBytes(), new() { Labels = new(["no person", "person"]) });
        float z = Raw(Networks.Trunk(classes: 1).Output().ToBytes(), "logits")[0];

        Prediction prediction = model.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, [-z, z]).Should().BeLessThan(1e-5f);
        float yes = 1 / (1 + MathF.Exp(-z));
        NpyRows.LargestDifference(prediction.Probabilities, [1 - yes, yes]).Should().BeLessThan(1e-6f);
        model.ScoreKind.Should().Be(ScoreKind.Sigmoid);

        Explanation no = model.Explain(Picture, Target.Class("no person")), person = model.Explain(Picture, Target.Class(1));
        no.Layers[0].ChannelScores.Should().Equal(person.Layers[0].ChannelScores.Select(s => -s));
        no.Probability.Should().BeApproximately(1 - yes, 1e-6f);
        no.Map.DifferenceTo(person.Map).Should().BeGreaterThan(0.1f);
        ((Action)(() => model.Explain(Picture, Target.Class(2)))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*2 classes, 0 to 1*");
    }

    [Fact]
    public void One_output_without_an_ending_is_a_logit()
    {
        using ImageModel model = ImageModel.Load(Networks.Trunk(classes: 1).Output().ToBytes());
        float z = Raw(Networks.Trunk(classes: 1).Output().ToBytes(), "logits")[0];
        model.Classes.Count.Should().Be(2);
        NpyRows.LargestDifference(model.Predict(Picture).Logits, [-z, z]).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void With_several_outputs_the_probabilities_are_chosen_or_the_one_that_is_named()
    {
        TinyModel two = Networks.Trunk().Softmax("p").Output(dims: [-1, Networks.Classes]);
        byte[] network = two.Gemm("other", 3, from: "flat", inputs: 10).Output(dims: [-1, 3]).ToBytes();
        using ImageModel chosen = ImageModel.Load(network);
        using ImageModel named = ImageModel.Load(network, new() { Output = "other" });

        (chosen.Classes.Count, chosen.ScoreTensor).Should().Be((5, "logits"));
        (named.Classes.Count, named.ScoreTensor).Should().Be((3, "other"));
        NpyRows.LargestDifference(named.Predict(Picture).Logits, Raw(network, "other")).Should().BeLessThan(1e-5f);
        named.Explain(Picture).Layers[0].Layer.Name.Should().Be(Networks.Layer);
        ((Action)(() => ImageModel.Load(network, new() { Output = "othr" }))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*'othr'; did you mean 'other'?*").Which.Message.Should().NotContain("?.");
    }

    [Fact]
    public void A_label_does_not_hide_how_many_channels_the_classifier_has()
    {
        // As SqueezeNet: the last convolution makes one map per class. Its output is no activation layer, however few labels come out.
        TinyModel network = new TinyModel().Input("image", -1, 3, Networks.Height, Networks.Width).Conv("conv1", 8).Relu("relu1").Conv("maps", 4, kernel: 1).GlobalAveragePool("gap").Flatten("logits");
        foreach (byte[] bytes in new[]
        {
            network.ToBytes(output => output.Output(dims: [-1, 4])),
            network.ToBytes(output => output.Op("ArgMax", "label", ["logits"], Attribute("axis", 1), Attribute("keepdims", 1L)).OutputOf("label", DataType.Int64, -1, 1)),
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
            "softmax cast identity" => model.Softmax("p").Cast("half", DataType.Float16).Unary("Identity", "same").OutputOf("same", DataType.Float16, -1, Networks.Classes),
            "softmax in four dimensions" => model.Reshape("4d", -1, Networks.Classes, 1, 1).Softmax("p4d").Flatten("p").Output(),
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
        model.Op("ArgMax", "label", ["p"], Attribute("axis", 1), Attribute("keepdims", 0L)).OutputOf("label", DataType.Int64, -1);

    private static TinyModel ZipMap(TinyModel model) => model.Import("ai.onnx.ml")
        .Op("ai.onnx.ml", "ZipMap", ["dictionary"], ["p"], Attribute("classlabels_int64s", 0, 1, 2, 3, 4)).OutputOf("dictionary", 0);

    /// <summary>What a bare session says.</summary>
    private static float[] Raw(byte[] network, string output)
    {
        using var session = new InferenceSession(network);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(Picture.Tensor.ToArray(), [1, 3, Networks.Height, Networks.Width]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["image"], [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
