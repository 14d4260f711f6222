using FluentAssertions;
using ScoreCam.Methods.Activation;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Activation;

public class CamTests
{
    public static TheoryData<string> Heads => [.. HeadOf.Keys];

    private static readonly Dictionary<string, Func<TinyModel, TinyModel>> HeadOf = new()
    {
        ["Gemm"] = m => m.GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output(),
        ["Gemm, then softmax"] = m =>
            m.GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Softmax("p").Output(),
        ["MatMul"] = m => m.GlobalAveragePool("pool").Flatten("flat").MatMul("logits", 5).Output(),
        ["1 × 1 convolution"] = m => m.GlobalAveragePool("pool").Conv("logits", 5, kernel: 1).Flatten("flat").Output(),
        ["AveragePool of full size"] = m => m.AveragePool("pool", Tiny.Side).Flatten("flat").Gemm("logits", 5).Output(),
        ["ReduceMean"] = m => m.Op("ReduceMean", "pool", ["relu2"], TinyModel.Attribute("axes", [2, 3]),
            TinyModel.Attribute("keepdims", 0)).Gemm("logits", 5, 6).Output(),
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_map_is_the_sum_of_the_activations_weighted_by_the_classifier(string head)
    {
        TinyModel tiny = HeadOf[head](Tiny.Features());
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        var picture = Tiny.Picture();
        Explanation why = new CamExplainer(model, new() { Layers = ["relu2"] }).On(picture, Target.Class(3));

        float[] activations = Tiny.Run(tiny.Model, picture.Tensor, "relu2"),
            weights = Tiny.Weights(tiny, "logits.weight");
        var expected = new float[64];
        for (int k = 0; k < 6; k++)
            for (int i = 0; i < 64; i++)
                expected[i] += (head == "MatMul" ? weights[(k * 5) + 3] : weights[(3 * 6) + k])
                    * activations[(k * 64) + i];
        why.RawMap.Values.LargestDifference(expected).Should().BeLessThan(1e-5f);
        why.Method.Should().Be("CAM");
        why.Map.Values.ToArray().Min().Should().Be(0);
        why.Map.Values.ToArray().Max().Should().Be(1);
    }

    [Fact]
    public void A_contrast_is_the_difference_of_the_maps_and_a_target_without_a_gradient_is_refused()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var explainer = new CamExplainer(model);
        var both = explainer.On(Tiny.Picture(),
            [Target.Class(0), Target.Class(4), Target.Contrast(Target.Class(0), Target.Class(4))]);
        for (int i = 0; i < 64; i++)
            both[2].RawMap.Values[i].Should()
                .BeApproximately(both[0].RawMap.Values[i] - both[1].RawMap.Values[i], 1e-5f);
        FluentActions.Invoking(() =>
            explainer.On(Tiny.Picture(), Target.Function("square", scores => scores[0] * scores[0])))
            .Should().Throw<ArgumentException>().WithMessage("*'square'*no gradient*");
    }

    [Fact]
    public void A_function_with_a_gradient_takes_the_class_weights_times_its_gradient()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        Target square = Target.Function("square", scores => scores[0] * scores[0], (scores, gradient) =>
        {
            gradient.Clear();
            gradient[0] = 2 * scores[0];
        });
        var both = new CamExplainer(model).On(Tiny.Picture(), [Target.Class(0), square]);
        float slope = 2 * both[0].Logit!.Value;
        for (int i = 0; i < 64; i++)
            both[1].RawMap.Values[i].Should().BeApproximately(slope * both[0].RawMap.Values[i], 1e-4f);
    }

    [Fact]
    public void A_network_with_one_output_has_opposite_maps_for_no_and_yes()
    {
        using ImageModel model =
            ImageModel.Load(Tiny.Features().GlobalAveragePool("pool").Flatten("flat").Gemm("logit", 1).Sigmoid("p")
            .Output().ToBytes());
        var both = new CamExplainer(model).On(Tiny.Picture(), [Target.Class(0), Target.Class(1)]);
        for (int i = 0; i < 64; i++)
            both[0].RawMap.Values[i].Should().Be(-both[1].RawMap.Values[i]);
    }

    [Fact]
    public void Unsupported_heads_are_refused_with_the_reason()
    {
        Refusal(m => m.GlobalAveragePool("pool").Flatten("flat").Gemm("hidden", 6).Relu("act").Gemm("logits", 5)
            .Output()).Should().Contain("Relu").And.Contain("relu2");
        Refusal(m => m.Flatten("flat").Gemm("logits", 5, 6 * 64).Output()).Should().Contain("[5, 384]");
        Refusal(m => m.Unary("GlobalMaxPool", "pool").Flatten("flat").Gemm("logits", 5).Output()).Should()
            .Contain("GlobalMaxPool");

        static string Refusal(Func<TinyModel, TinyModel> head)
        {
            using ImageModel model = ImageModel.Load(head(Tiny.Features()).ToBytes());
            return FluentActions.Invoking(() =>
                new CamExplainer(model, new() { Layers = ["relu2"] }).On(Tiny.Picture())).Should()
                .Throw<UnsupportedModelException>().Which.Message;
        }
    }
}
