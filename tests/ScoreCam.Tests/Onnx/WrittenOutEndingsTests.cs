using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// One network with endings that compute a softmax or a sigmoid by other operators. The prediction and the map must be
/// those of the network that ends in its logits.
/// </summary>
public class WrittenOutEndingsTests
{
    private static readonly PreparedImage Picture = Networks.Picture();

    // The operators after the logits z, and what they compute.
    private static readonly Dictionary<string, Action<TinyModel>> Sigmoids = new()
    {
        ["1 / (1 + exp(−z)), Reciprocal"] = m => m.Unary("Neg", "n").Unary("Exp", "e").Op("Add", "d", ["e", "one"])
            .Unary("Reciprocal", "p"),
        ["1 / (1 + exp(−z)), Div"] = m => m.Unary("Neg", "n").Unary("Exp", "e").Op("Add", "d", ["one", "e"])
            .Op("Div", "p", ["one", "d"]),
        ["1 / (1 + exp(−1 · z))"] = m => m.Op("Mul", "n", ["logits", "minus"]).Unary("Exp", "e")
            .Op("Add", "d", ["one", "e"]).Op("Div", "p", ["one", "d"]),
        ["exp(z) / (1 + exp(z))"] = m => m.Unary("Exp", "e").Op("Add", "d", ["e", "one"]).Op("Div", "p", ["e", "d"]),
        ["(1 + tanh(z / 2)) / 2"] = m => m.Op("Mul", "h", ["logits", "half"]).Unary("Tanh", "t")
            .Op("Add", "d", ["t", "one"]).Op("Mul", "p", ["d", "half"]),
        ["(1 + exp(−z)) ^ −1"] = m => m.Unary("Neg", "n").Unary("Exp", "e").Op("Add", "d", ["e", "one"])
            .Op("Pow", "p", ["d", "minus"]),
        ["exp(−softplus(−z))"] = m => m.Unary("Neg", "n").Unary("Softplus", "s").Unary("Neg", "l").Unary("Exp", "p"),
        ["1 − 1 / (1 + exp(z))"] = m => m.Unary("Exp", "e").Op("Add", "d", ["e", "one"]).Op("Div", "q", ["one", "d"])
            .Op("Sub", "p", ["one", "q"]),
        ["sigmoid, clipped"] = m => m.Sigmoid("s").Op("Clip", "p", ["s", "small", "large"]),
        ["sigmoid, clipped by Max and Min"] = m => m.Sigmoid("s").Op("Max", "a", ["s", "small"])
            .Op("Min", "p", ["a", "large"]),
        ["logarithm of sigmoid"] = m => m.Unary("Neg", "n").Unary("Softplus", "s").Unary("Neg", "p"),
    };

    private static readonly Dictionary<string, Action<TinyModel>> Softmaxes = new()
    {
        ["exp(z) / Σ exp(z)"] = m => m.Unary("Exp", "e").Op("ReduceSum", "s", ["e", "axes"]).Op("Div", "p", ["e", "s"]),
        ["exp(z − max z) / Σ"] = m => Shifted(m).Unary("Exp", "e").Op("ReduceSum", "s", ["e", "axes"])
            .Op("Div", "p", ["e", "s"]),
        ["exp(z) · (1 / Σ exp(z))"] = m => m.Unary("Exp", "e").Op("ReduceSum", "s", ["e", "axes"])
            .Unary("Reciprocal", "r").Op("Mul", "p", ["e", "r"]),
        ["exp(z − log Σ exp(z))"] = m => m.Op("ReduceLogSumExp", "s", ["logits"], Attribute("axes", new long[] { 1 }))
            .Op("Sub", "l", ["logits", "s"]).Unary("Exp", "p"),
        ["softmax in percent"] = m => m.Softmax("s").Op("Mul", "p", ["s", "hundred"]),
        ["exp(z) / Σ exp(z) in percent"] = m => m.Unary("Exp", "e").Op("ReduceSum", "s", ["e", "axes"])
            .Op("Div", "q", ["e", "s"]).Op("Mul", "p", ["hundred", "q"]),
        ["softmax, clipped"] = m => m.Softmax("s").Op("Clip", "p", ["s", "small", "large"]),
        ["z − log Σ exp(z)"] = m => m.Op("ReduceLogSumExp", "s", ["logits"], Attribute("axes", new long[] { 1 }))
            .Op("Sub", "p", ["logits", "s"]),
        ["log(exp(z − max z) / Σ)"] = m => Shifted(m).Unary("Exp", "e").Op("ReduceSum", "s", ["e", "axes"])
            .Op("Div", "q", ["e", "s"]).Unary("Log", "p"),
    };

    public static TheoryData<string> SigmoidForms => [.. Sigmoids.Keys];

    public static TheoryData<string> SoftmaxForms => [.. Softmaxes.Keys];

    [Theory]
    [MemberData(nameof(SigmoidForms))]
    public void A_sigmoid_is_found_whatever_operators_compute_it(string form) =>
        Check(Sigmoids[form], ScoreKind.Sigmoid, z => [.. z.Select(v => (float)(1 / (1 + Math.Exp(-v))))]);

    [Theory]
    [MemberData(nameof(SoftmaxForms))]
    public void A_softmax_is_found_whatever_operators_compute_it(string form) =>
        Check(Softmaxes[form], ScoreKind.Softmax, z =>
    {
        double total = z.Sum(v => Math.Exp(v));
        return [.. z.Select(v => (float)(Math.Exp(v) / total))];
    });

    [Fact]
    public void Joined_sigmoids_of_slices_of_the_logits_are_one_sigmoid() => Check(model =>
    {
        string[] parts = [.. Enumerable.Range(0, Networks.Classes).Select(c =>
        {
            model.Initializer($"from{c}", [1], (long)c).Initializer($"to{c}", [1], (long)c + 1)
                .Initializer($"axis{c}", [1], 1L);
            model.Op("Slice", $"z{c}", ["logits", $"from{c}", $"to{c}", $"axis{c}"]).Sigmoid($"p{c}");
            return $"p{c}";
        })];
        model.Op("Concat", "p", parts, Attribute("axis", 1L));
    }, ScoreKind.Sigmoid, z => [.. z.Select(v => (float)(1 / (1 + Math.Exp(-v))))]);

    // No tensor contains all the logits. The network's own probabilities are shown, and their log-odds are scored.
    [Fact]
    public void Joined_sigmoids_of_separate_layers_are_scored_by_their_log_odds()
    {
        TinyModel model = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width));
        model.GlobalAveragePool("gap").Flatten("flat");
        string[] parts = [.. Enumerable.Range(0, 4).Select(c =>
        {
            model.Gemm($"z{c}", 1, inputs: 10, from: "flat").Sigmoid($"p{c}");
            return $"p{c}";
        })];
        byte[] network = model.Op("Concat", "p", parts, Attribute("axis", 1L)).Output(dims: [-1, 4]).ToBytes();
        using ImageModel joined = ImageModel.Load(network);
        joined.ScoreKind.Should().Be(ScoreKind.Sigmoid);
        joined.Warnings.Should().Contain(w => w.Contains("log(p / (1 − p))"));
        float[] logits = [.. Enumerable.Range(0, 4).Select(c => Networks.Run(network, Picture, $"z{c}")[0])];
        Prediction prediction = joined.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, logits).Should().BeLessThan(1e-4f);
        NpyRows.LargestDifference(prediction.Probabilities, Networks.Run(network, Picture, "p")).Should()
            .BeLessThan(1e-6f);
        joined.Explain(Picture).Warnings.Should().ContainSingle().Which.Should().Contain("log(p / (1 − p))");
    }

    [Fact]
    public void A_hard_sigmoid_shows_the_networks_own_probabilities()
    {
        byte[] network = Networks.Trunk()
            .Op("HardSigmoid", "p", ["logits"], Attribute("alpha", 0.2f), Attribute("beta", 0.5f)).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        model.ScoreKind.Should().Be(ScoreKind.Sigmoid);
        model.Warnings.Should().Contain(w => w.Contains("log(p / (1 − p))"));
        float[] expected = [.. Logits().Select(z => Math.Clamp((0.2f * z) + 0.5f, 0, 1))];
        NpyRows.LargestDifference(model.Predict(Picture).Probabilities, expected).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Probabilities_that_are_averaged_over_positions_are_independent()
    {
        byte[] network = new TinyModel(seed: 3).Input("image", -1, 3, Networks.Height, Networks.Width).Conv("c1", 8)
            .Relu("features")
            .Conv("maps", 4, kernel: 1).Sigmoid("places").GlobalAveragePool("gap").Flatten("p").Output(dims: [-1, 4])
                .ToBytes();
        using ImageModel model = ImageModel.Load(network);
        model.ScoreKind.Should().Be(ScoreKind.Sigmoid);
        model.DefaultLayer.Name.Should().Be("features", "the last convolution is the classifier");
        Prediction prediction = model.Predict(Picture);
        float[] maps = Networks.Run(network, Picture, "places");
        int plane = maps.Length / 4;
        float[] means = [.. maps.Chunk(plane).Select(map => map.Average())];
        NpyRows.LargestDifference(prediction.Probabilities, means).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Two_classes_computed_from_one_sigmoid_exclude_each_other()
    {
        TinyModel model = Constants(Networks.Trunk(classes: 1));
        byte[] network = model.Op("Sigmoid", "yes", ["logits"]).Op("Sub", "no", ["one", "yes"])
            .Op("Concat", "p", ["no", "yes"], Attribute("axis", 1L)).Output(dims: [-1, 2]).ToBytes();
        using ImageModel answers = ImageModel.Load(network);
        (answers.ScoreKind, answers.Classes.Count).Should().Be((ScoreKind.Softmax, 2));
        answers.Warnings.Should().Contain(w => w.Contains("log-probabilities"));
        float yes = Networks.Run(network, Picture, "yes")[0];
        NpyRows.LargestDifference(answers.Predict(Picture).Probabilities, [1 - yes, yes]).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Percentages_without_a_softmax_are_probabilities()
    {
        TinyModel model = Constants(Networks.Trunk());
        byte[] network = model.Unary("Softplus", "positive", "logits").Op("ReduceSum", "sum", ["positive", "axes"])
            .Op("Div", "share", ["positive", "sum"]).Op("Mul", "p", ["share", "hundred"]).Output(dims: [-1, 5])
            .ToBytes();
        using ImageModel percent = ImageModel.Load(network);
        percent.ScoreKind.Should().Be(ScoreKind.Softmax);
        percent.Warnings.Should().Contain(w => w.Contains("log-probabilities"));
        float[] shares = Networks.Run(network, Picture, "share");
        NpyRows.LargestDifference(percent.Predict(Picture).Probabilities, shares).Should().BeLessThan(1e-5f);
    }

    [Theory]
    [InlineData("LpNormalization")]
    [InlineData("division by ReduceL2")]
    public void An_embedding_is_explained_with_a_warning(string form)
    {
        TinyModel model = Networks.Trunk();
        if (form == "LpNormalization")
            model.Op("LpNormalization", "vector", ["logits"], Attribute("axis", 1L), Attribute("p", 2L));
        else
            model.Op("ReduceL2", "length", ["logits"], Attribute("axes", new long[] { 1 }))
                .Op("Div", "vector", ["logits", "length"]);
        byte[] network = model.Output(dims: [-1, 5]).ToBytes();
        using ImageModel embedding = ImageModel.Load(network);
        embedding.Warnings.Should().Contain(w => w.Contains("'vector' has length 1") && w.Contains("embedding"));
        using ImageModel stated = ImageModel.Load(network, new() { ScoreKind = ScoreKind.Softmax });
        stated.Warnings.Should().NotContain(w => w.Contains("embedding"), "the caller stated what the values are");
    }

    [Fact]
    public void A_single_tanh_output_is_a_value()
    {
        byte[] network = Networks.Trunk(classes: 1).Unary("Tanh", "score").Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        model.ScoreKind.Should().Be(ScoreKind.Value);
        NpyRows.LargestDifference(model.Predict(Picture).Logits, Networks.Run(network, Picture, "score")).Should()
            .BeLessThan(1e-5f);
    }

    // The scores are read in the same way for every picture.
    [Fact]
    public void Logits_that_look_like_probabilities_on_one_picture_are_logits()
    {
        // The scores are [s, 1 − s]. They always sum to 1, and on the first picture both are in 0…1. No operator limits
        // s to this range.
        TinyModel model = Constants(new TinyModel().Input("image", -1, 1, 2, 2)
            .Op("ReduceMean", "s", ["image"], Attribute("axes", 1, 2, 3), Attribute("keepdims", 0L))
            .Unary("Softplus", "positive"));
        byte[] network = model.Initializer("column", [2], -1L, 1L).Op("Reshape", "c", ["positive", "column"])
            .Op("Sub", "rest", ["one", "c"])
            .Op("Concat", "scores", ["c", "rest"], Attribute("axis", 1L)).Output(dims: [-1, 2]).ToBytes();
        using ImageModel two = ImageModel.Load(network);
        foreach (float mean in new[] { 0.25f, 3 })
        {
            float positive = MathF.Log(1 + MathF.Exp(mean));
            Prediction prediction = two.Predict(PreparedImage.FromTensor([mean, mean, mean, mean], 1, 2, 2));
            NpyRows.LargestDifference(prediction.Logits, [positive, 1 - positive]).Should().BeLessThan(1e-5f);
        }
    }

    private static void Check(Action<TinyModel> ending, ScoreKind kind, Func<float[], float[]> probabilities)
    {
        TinyModel network = Constants(Networks.Trunk());
        ending(network);
        using ImageModel model = ImageModel.Load(network.Output(dims: [-1, Networks.Classes]).ToBytes());
        float[] logits = Logits();
        (model.ScoreKind, model.ScoreTensor).Should().Be((kind, "logits"));
        Prediction prediction = model.Predict(Picture);
        NpyRows.LargestDifference(prediction.Logits, logits).Should().BeLessThan(1e-5f);
        NpyRows.LargestDifference(prediction.Probabilities, probabilities(logits)).Should().BeLessThan(1e-5f);
        Explanation why = model.Explain(Picture), expected = Networks.Explain(Networks.Logits(), Picture);
        why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-5f);
        why.Warnings.Should().BeEmpty();
    }

    private static float[] Logits() => Networks.Run(Networks.Logits(), Picture, "logits");

    private static TinyModel Shifted(TinyModel model) =>
        model.Op("ReduceMax", "m", ["logits"], Attribute("axes", new long[] { 1 })).Op("Sub", "x", ["logits", "m"]);

    /// <summary>Constants that the endings use. They do not become the input of the next operator.</summary>
    private static TinyModel Constants(TinyModel model) => model
        .Initializer("one", [1], 1f).Initializer("minus", [1], -1f).Initializer("half", [1], 0.5f)
        .Initializer("hundred", [1], 100f).Initializer("small", [], 1e-7f)
        .Initializer("large", [], 1 - 1e-7f).Initializer("axes", [1], 1L);
}
