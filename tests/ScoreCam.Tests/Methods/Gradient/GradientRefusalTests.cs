using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>Options and networks that gradient methods refuse, with messages that state what is expected.</summary>
public class GradientRefusalTests
{
    public static TheoryData<string> QuantizedNetworks =>
        ["models/mobilenet_v2_int8_qlinear_nchw.onnx", "models/mobilenet_v2_1.0_224_tf_qdq_uint8_nchw.onnx"];

    [Fact]
    public void Options_out_of_range_are_refused_with_the_value()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        Refused("*Noise*-0.1*", () => new SmoothGradExplainer(model, new() { Noise = -0.1f }));
        Refused("*Noise*NaN*", () => new SmoothGradExplainer(model, new() { Noise = float.NaN }));
        Refused("*Samples*0*", () => new SmoothGradExplainer(model, new() { Samples = 0 }));
        Refused("*Form*7*", () => new SmoothGradExplainer(model, new() { Form = (SmoothGradForm)7 }));
        Refused("*Method*7*", () => new SmoothGradExplainer(model, new() { Method = (SmoothedMethod)7 }));
        Refused("*Noise*-1*", () => new SmoothGradCamPlusPlusExplainer(model, new() { Noise = -1 }));
        Refused("*Samples*-2*", () => new SmoothGradCamPlusPlusExplainer(model, new() { Samples = -2 }));
        Refused("*Steps*0*", () => new IntegratedGradientsExplainer(model, new() { Steps = 0 }));
        Refused("*Steps*10001*", () => new IntegratedGradientsExplainer(model, new() { Steps = 10_001 }));
        Refused("*Rule*7*", () => new IntegratedGradientsExplainer(model, new() { Rule = (PathRule)7 }));
        FluentActions.Invoking(() => new IntegratedGradientsExplainer(model, new() { Baselines = [] }))
            .Should().Throw<ArgumentException>().WithMessage("*at least one baseline*");
    }

    [Theory]
    [MemberData(nameof(QuantizedNetworks))]
    public void A_quantized_network_is_refused_and_Score_CAM_explains_it(string network)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(network.Split('/')));
        PreparedImage picture = Networks.Picture(height: 224, width: 224);
        foreach (Explainer explainer in new Explainer[] { new GradientExplainer(model), new FullGradExplainer(model) })
            FluentActions.Invoking(() => explainer.On(picture)).Should().Throw<UnsupportedModelException>()
                .WithMessage("*it is quantized (*Linear*no useful gradient*float network*Score-CAM*");
        ScoreCamOptions few = new() { Sampling = ChannelSampling.TopVariance(4) };
        new ScoreCamExplainer(model, few).On(picture).Map.Values.ToArray().Should().Contain(1);
    }

    [Fact]
    public void An_operator_without_a_rule_fails_only_methods_whose_gradient_passes_through_it()
    {
        byte[] network = Tiny.Features().Op("Hardmax", "before", ["relu1"])
            .Conv("conv3", 6, from: "before").Relu("relu3")
            .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        FluentActions.Invoking(() => new GradientExplainer(model).On(Tiny.Picture()))
            .Should().Throw<UnsupportedModelException>().WithMessage("*no rule for Hardmax 'Hardmax_before'*RISE*");
        new GradCamExplainer(model, new() { Layers = ["relu3"] }).On(Tiny.Picture()).GradientPasses.Should().Be(1);
    }

    [Fact]
    public void Guided_methods_refuse_a_network_without_Relu()
    {
        using ImageModel model = ImageModel.Load(new TinyModel().Input("image", -1, 3, 8, 8).Conv("a", 4)
            .Unary("Tanh", "t").GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output().ToBytes());
        SmoothGradOptions smoothed = new() { Method = SmoothedMethod.GuidedBackpropagation, Samples = 2 };
        foreach (Explainer explainer in new Explainer[]
        {
            new GuidedBackpropagationExplainer(model), new GuidedGradCamExplainer(model),
            new SmoothGradExplainer(model, smoothed),
        })
            FluentActions.Invoking(() => explainer.On(Tiny.Picture())).Should().Throw<UnsupportedModelException>()
                .WithMessage("*Guided backpropagation*Relu*has none*another method*");
    }

    private static void Refused(string message, Func<Explainer> create) =>
        FluentActions.Invoking(create).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
}
