using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>Networks with several outputs: the right one is explained, or a warning names the others.</summary>
public class OutputChoiceTests
{
    [Theory]
    [InlineData("aux_out", "main_out", "main_out", false)]
    [InlineData("embedding", "logits", "logits", false)]
    [InlineData("last_hidden_state", "logits", "logits", false)]
    [InlineData("output_0", "output_1", "output_1", true)]
    public void The_deeper_of_two_heads_of_equal_size_is_explained(string early, string late, string chosen,
        bool warns)
    {
        TinyModel model = Start().Conv("c1", 8).Relu("r1").GlobalAveragePool("g1").Flatten("f1").Gemm(early, 5, 8)
            .Output(dims: [-1, 5]);
        model.Conv("c2", 8, from: "r1").Relu("r2").GlobalAveragePool("g2").Flatten("f2").Gemm(late, 5, 8)
            .Output(dims: [-1, 5]);
        using ImageModel network = ImageModel.Load(model.ToBytes());
        (network.ScoreTensor, network.DefaultLayer.Name).Should().Be((chosen, "r2"));
        OutputWarnings(network).Should().HaveCount(warns ? 1 : 0);
        if (warns)
            OutputWarnings(network).Single().Should()
                .Contain(early).And.Contain(late).And.Contain("ModelOptions.Output");
    }

    [Fact]
    public void An_embedding_beside_the_logits_is_not_explained()
    {
        TinyModel model = Networks.Body(Start()).GlobalAveragePool("gap").Flatten("flat");
        model.Op("LpNormalization", "embedding", ["flat"], Attribute("axis", 1), Attribute("p", 2))
            .Output(dims: [-1, 10]);
        model.Gemm("logits", 5, 10, "flat").Output(dims: [-1, 5]);
        using ImageModel network = ImageModel.Load(model.ToBytes());
        network.ScoreTensor.Should().Be("logits");
        OutputWarnings(network).Should().BeEmpty("the name of the other output shows what it is");
    }

    [Fact]
    public void An_output_that_the_logits_are_computed_from_is_not_an_alternative()
    {
        TinyModel model = Networks.Body(Start()).GlobalAveragePool("gap").Flatten("a").Output(dims: [-1, 10])
            .Gemm("b", 5, 10).Output(dims: [-1, 5]);
        using ImageModel network = ImageModel.Load(model.ToBytes());
        network.ScoreTensor.Should().Be("b");
        OutputWarnings(network).Should().BeEmpty();
    }

    [Fact]
    public void Logits_and_their_probabilities_count_as_one_output()
    {
        TinyModel model = Networks.Trunk().Output(dims: [-1, 5]).Softmax("probabilities").Output(dims: [-1, 5]);
        using ImageModel network = ImageModel.Load(model.ToBytes());
        network.ScoreTensor.Should().Be("logits");
        OutputWarnings(network).Should().BeEmpty();
    }

    [Fact]
    public void Probabilities_beside_another_head_are_explained_with_a_warning()
    {
        TinyModel model = Networks.Trunk().Softmax("kind").Output(dims: [-1, 5])
            .Gemm("age", 3, from: "flat", inputs: 10).Output(dims: [-1, 3]);
        using ImageModel network = ImageModel.Load(model.ToBytes()), named =
            ImageModel.Load(model.ToBytes(), new() { Output = "age" });
        network.ScoreTensor.Should().Be("logits");
        OutputWarnings(network).Should().ContainSingle().Which.Should()
            .Contain("'kind' [?, 5], 'age' [?, 3]. 'kind' is explained");
        OutputWarnings(named).Should().BeEmpty("the caller chose");
    }

    // A detector without its post-processing: every position has scores, and a list of all scores looks like classes.
    [Fact]
    public void Scores_of_positions_give_a_warning()
    {
        TinyModel one = Networks.Body(Start()).Conv("head", 6, kernel: 1).Flatten("scores").Output(dims: [-1, 720]);
        using ImageModel flattened = ImageModel.Load(one.ToBytes());
        flattened.Warnings.Should()
            .Contain(w => w.Contains("'scores' hold values for positions") && w.Contains("ModelOptions.Output"));

        TinyModel two = Networks.Body(Start()).Conv("large", 6, kernel: 1).Flatten("large_list");
        two.MaxPool("smaller", from: Networks.Layer).Conv("small", 6, kernel: 1).Flatten("small_list")
            .Concat("all", 1, "large_list", "small_list").Output(dims: [-1, 900]);
        using ImageModel joined = ImageModel.Load(two.ToBytes());
        joined.Warnings.Should().Contain(w => w.Contains("'all' hold values for positions"));
    }

    private static TinyModel Start() => new TinyModel(seed: Networks.Seed)
        .Input("image", -1, 3, Networks.Height, Networks.Width);

    private static IEnumerable<string> OutputWarnings(ImageModel model) =>
        model.Warnings.Where(w => w.Contains("outputs"));
}
