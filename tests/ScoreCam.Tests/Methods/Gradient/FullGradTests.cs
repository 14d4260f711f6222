using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>FullGrad on a network that is computed by hand, and on networks that it refuses.</summary>
public class FullGradTests
{
    private static readonly PreparedImage Picture =
        PreparedImage.FromTensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], channels: 3, height: 2, width: 2);

    [Fact]
    public void A_small_network_gives_the_hand_computed_map()
    {
        using ImageModel model = ImageModel.Load(ByHand(biases: true).ToBytes());
        Explanation why = new FullGradExplainer(model).On(Picture, Target.Class(0));
        // Before the Relu: −1 0 1 2 and 2.5 1.5 ½ −½. Their gradients: 0 0 ½ ½ and ¼ ¼ ¼ 0.
        why.Logit.Should().Be(3.125f);
        // X ⊙ g = −¼ −½ ¾ 2 in the red channel and 0 in the others: 1/8 1/4 3/8 1 after ψ.
        // b ⊙ g = 0 0 −1 −1 and ⅞ ⅞ ⅞ 0: 0 0 1 1 and ⅞ ⅞ ⅞ 0 after ψ.
        why.RawMap.Values.ToArray().Should().Equal(1, 1.125f, 2.25f, 2);
        // 2 from the picture, 5/8 from the convolution, ½ from the linear layer.
        why.CompletenessError.Should().Be(0);
        why.GradientPasses.Should().Be(1);
        why.Warnings.Should().BeEmpty();
        // The smallest value is drawn as 0; the value at the 99th percentile, here the third of four, as 1.
        why.Map.Values.ToArray().Should().Equal(0, 0.125f, 1, 1);
    }

    [Fact]
    public void The_map_is_complete_for_several_targets_flips_and_nonlinear_targets()
    {
        using ImageModel model = ImageModel.Load(ByHand(biases: true).ToBytes());
        Target product = Target.Function("product", s => s[0] * s[1], (s, g) => (g[0], g[1]) = (s[1], s[0]));
        var explainer = new FullGradExplainer(model, new() { FlipAveraging = true });
        IReadOnlyList<Explanation> why =
            explainer.On(Picture, [Target.Class(0), Target.Contrast(Target.Class(1), Target.Class(0)), product]);
        why.Should().HaveCount(3).And.OnlyContain(one => one.CompletenessError < 1e-6f && one.GradientPasses == 6);
    }

    [Fact]
    public void A_network_without_biases_is_refused()
    {
        using ImageModel model = ImageModel.Load(ByHand(biases: false).ToBytes());
        FluentActions.Invoking(() => new FullGradExplainer(model).On(Picture, Target.Class(0)))
            .Should().Throw<UnsupportedModelException>().WithMessage("*no biases*gradient × input*same here*");
    }

    [Fact]
    public void A_bias_without_a_rule_is_refused_with_the_name_of_its_operator()
    {
        TinyModel tiny = Tiny.Features().Op("ReduceLogSumExp", "y", ["relu2"], TinyModel.Attribute("axes", 2, 3))
            .Flatten("flat").Gemm("logits", 5).Output();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        FluentActions.Invoking(() => new FullGradExplainer(model).On(Tiny.Picture(), Target.Class(0)))
            .Should().Throw<UnsupportedModelException>()
            .WithMessage("*no rule for the bias of ReduceLogSumExp 'ReduceLogSumExp_y'*");
        new GradientExplainer(model).On(Tiny.Picture(), Target.Class(0)).CompletenessError.Should().BeNull();
    }

    /// <summary>Only the red channel counts.</summary>
    private static TinyModel ByHand(bool biases)
    {
        TinyModel model = new TinyModel().Input("image", -1, 3, 2, 2)
            .Initializer("w", [2, 3, 1, 1], 1f, 0, 0, -1, 0, 0).Initializer("b", [2], -2f, 3.5f)
            .Initializer("v", [2, 2], 2f, 1, -1, 1).Initializer("c", [2], 0.5f, 0f);
        return model.Op("Conv", "conv", biases ? ["image", "w", "b"] : ["image", "w"]).Relu("relu")
            .GlobalAveragePool("pool").Flatten("flat")
            .Op("Gemm", "logits", biases ? ["flat", "v", "c"] : ["flat", "v"], TinyModel.Attribute("transB", 1))
            .Output();
    }
}
