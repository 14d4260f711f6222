using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>Identities that theory gives for gradient methods, on real networks.</summary>
public class GradientIdentityTests
{
    private const string Everyday = "everyday20", SqueezeNet = "models/squeezenet1.1_fp32_softmax.onnx";

    /// <summary>Networks that end in global average pooling and one linear layer.</summary>
    public static TheoryData<string> PooledNetworks =>
    [
        Everyday, "golden/shapes/model.onnx", "models/resnet20_cifar10_fp32_logits.onnx",
        "models/mobilenet_v1_0.25_128_tf_fp32_nhwc_softmax.onnx",
        "models/mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx", "models/exports/mobilenet_v2/model.onnx",
        "models/exports/regnet_y/model.onnx", "models/exports/densenet/model.onnx",
    ];

    [Theory]
    [MemberData(nameof(PooledNetworks))]
    public void With_pooling_and_a_linear_layer_four_methods_give_the_same_map(string network)
    {
        using ImageModel model = Load(network);
        PreparedImage picture = Picture(model);
        float[] cam = Raw(new CamExplainer(model), picture);
        int positions = cam.Length;
        float[] expected = [.. cam.Select(value => value / positions)];
        float allowed = 1e-5f * expected.Max(Math.Abs);
        foreach (LayerExplainer method in new LayerExplainer[]
        {
            new GradCamExplainer(model), new HiResCamExplainer(model), new XGradCamExplainer(model),
        })
            Raw(method, picture).LargestDifference(expected).Should().BeLessThan(allowed, method.Name);
    }

    [Theory]
    [MemberData(nameof(PooledNetworks))]
    public void The_map_of_HiResCAM_sums_to_the_logit_without_the_bias_of_the_class(string network)
    {
        using ImageModel model = Load(network);
        var explainer = new HiResCamExplainer(model);
        double[] biases = [.. Enumerable.Range(1, 3).Select(seed =>
        {
            Explanation why = explainer.On(Picture(model, seed), Target.Class(1));
            return why.Logit!.Value - why.RawMap.Values.ToArray().Sum(value => (double)value);
        })];
        float logit = Math.Abs(explainer.On(Picture(model), Target.Class(1)).Logit!.Value);
        (biases.Max() - biases.Min()).Should().BeLessThan(1e-4 * (1 + logit), "the bias is the same for every picture");
    }

    [Theory]
    [InlineData(SqueezeNet)]
    [InlineData("models/exports/vgg_bn/model.onnx")]
    [InlineData(Everyday)]
    public void After_a_Relu_XGrad_CAM_and_HiResCAM_have_equal_sums_and_LayerCAM_is_not_below_HiResCAM(string network)
    {
        using ImageModel model = Load(network);
        PreparedImage picture = Picture(model);
        float[] hires = Raw(new HiResCamExplainer(model), picture);
        double sum = hires.Sum(value => (double)value), size = hires.Sum(value => Math.Abs((double)value));
        Raw(new XGradCamExplainer(model), picture).Sum(value => (double)value)
            .Should().BeApproximately(sum, 1e-4 * size, "Σ w_k ΣA_k = Σ g·A");
        float[] layer = Raw(new LayerCamExplainer(model), picture);
        layer.Zip(hires).Should().OnlyContain(pair => pair.First >= pair.Second - (1e-5f * (float)size));
    }

    [Fact]
    public void Without_noise_smoothed_methods_equal_the_plain_methods()
    {
        using ImageModel model = Load(Everyday);
        PreparedImage picture = Picture(model);
        // A mean over four equal values is exact in binary.
        SmoothGradOptions Silent(SmoothedMethod method) => new() { Noise = 0, Samples = 4, Method = method };
        float[] gradient = Raw(new GradientExplainer(model), picture);
        Raw(new SmoothGradExplainer(model, Silent(SmoothedMethod.Gradient)), picture).Should().Equal(gradient);
        Raw(new SmoothGradExplainer(model, Silent(SmoothedMethod.GuidedBackpropagation)), picture)
            .Should().Equal(Raw(new GuidedBackpropagationExplainer(model), picture));
        var squared = new SmoothGradExplainer(model, Silent(default) with { Form = SmoothGradForm.Squared });
        Raw(squared, picture).Should().Equal(gradient.Select(value => value * value));
        var variance = new SmoothGradExplainer(model, Silent(default) with { Form = SmoothGradForm.Variance });
        Raw(variance, picture).Should().OnlyContain(value => value == 0);
        float[] plusPlus = Raw(new GradCamPlusPlusExplainer(model), picture);
        Raw(new SmoothGradCamPlusPlusExplainer(model, new() { Noise = 0, Samples = 2 }), picture)
            .LargestDifference(plusPlus).Should().BeLessThan(1e-4f * plusPlus.Max(Math.Abs));
    }

    [Fact]
    public void On_a_linear_network_path_gradients_are_gradient_times_input()
    {
        using ImageModel model = ImageModel.Load(new TinyModel().Input("image", -1, 3, 8, 8).Conv("a", 4)
            .Conv("b", 4).GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output().ToBytes());
        float[] product = Raw(new GradientTimesInputExplainer(model), Tiny.Picture());
        foreach (PathRule rule in Enum.GetValues<PathRule>())
        {
            IntegratedGradientsOptions options = new() { Steps = 3, Rule = rule };
            Explanation path = new IntegratedGradientsExplainer(model, options).On(Tiny.Picture(), Target.Class(1));
            path.RawMap.Values.LargestDifference(product).Should().BeLessThan(1e-5f * product.Max(Math.Abs));
            path.CompletenessError.Should().BeLessThan(1e-5f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Maps_are_bit_identical_for_every_run_and_number_of_workers(int workers)
    {
        using ImageModel one = Load(Everyday), other = Load(Everyday, new() { Workers = workers });
        PreparedImage picture = Picture(one);
        foreach (Func<ImageModel, Explainer> create in Methods)
        {
            Explainer explainer = create(one);
            float[] first = Raw(explainer, picture);
            Raw(explainer, picture).Should().Equal(first, explainer.Name);
            Raw(create(other), picture).Should().Equal(first, explainer.Name);
        }
    }

    private static IEnumerable<Func<ImageModel, Explainer>> Methods =>
    [
        model => new GradCamExplainer(model),
        model => new GradCamPlusPlusExplainer(model),
        model => new SmoothGradCamPlusPlusExplainer(model, new() { Samples = 3 }),
        model => new XGradCamExplainer(model),
        model => new HiResCamExplainer(model),
        model => new LayerCamExplainer(model),
        model => new EigenGradCamExplainer(model),
        model => new GradientExplainer(model),
        model => new GradientTimesInputExplainer(model),
        model => new GuidedBackpropagationExplainer(model),
        model => new GuidedGradCamExplainer(model),
        model => new SmoothGradExplainer(model, new() { Samples = 9 }),
        model => new IntegratedGradientsExplainer(model, new() { Steps = 9 }),
        model => new FullGradExplainer(model),
    ];

    private static ImageModel Load(string network, ModelOptions? options = null) => ImageModel.Load(
        network == Everyday
            ? Path.Combine(SharedData.Repository, "models", "everyday20", "model.onnx")
            : SharedData.Require(network.Split('/')),
        options);

    private static PreparedImage Picture(ImageModel model, int seed = 7) => Networks.Picture(
        seed, model.Input.Channels, model.Input.Height ?? 64, model.Input.Width ?? 64);

    private static float[] Raw(Explainer explainer, PreparedImage picture) =>
        explainer.On(picture, Target.Class(1)).RawMap.Values.ToArray();
}
