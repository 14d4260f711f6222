using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>
/// Networks whose gradient cannot be computed are refused with a reason, and with the methods that work.
/// </summary>
public class RefusalTests
{
    private static readonly int[] Map = [1, 3, 4, 4];

    [Fact]
    public void Every_operator_without_a_rule_is_named() => Refused(
        m => m.Op("Hardmax", "a", ["x"]).Op("my.ops", "Twist", ["b"], ["a"]).Relu("y"),
        "*there is no rule for Hardmax 'Hardmax_a', my.ops.Twist 'Twist_b'.*Score-CAM*RISE*");

    [Fact]
    public void Operators_outside_the_path_of_the_gradient_need_no_rule()
    {
        TinyModel model = Small(17).Op("Hardmax", "before", ["x"]).Relu("r").Op("Shape", "s", ["before"])
            .Op("Reshape", "y", ["r", "s"]).Output();
        using var gradient = new GradientHarness(model.ToBytes(), _ => [1, 3, 4, 4], tensors: ["r"]);
        gradient.Model.Gradients.Should().HaveCount(1);
    }

    [Fact]
    public void Quantized_networks_are_refused() => Refused(
        m => m.Quantize("q", 0.1f, 128).Dequantize("d").Relu("y"),
        "*it is quantized (QuantizeLinear, DequantizeLinear). Rounding has no useful gradient*float network*");

    [Fact]
    public void Weights_that_are_quantized_are_constants()
    {
        TinyModel model = Small(17).Weights("w", 1, 4, 3, 1, 1).Quantize("q", 0.1f, 128, "w").Dequantize("d")
            .Op("Conv", "y", ["x", "d"]).Output();
        using var gradient = new GradientHarness(model.ToBytes(), _ => [1, 3, 4, 4]);
        gradient.Model.Gradients.Should().HaveCount(1);
    }

    [Fact]
    public void Training_mode_is_refused()
    {
        const string Parameters = "scale bias mean var";
        TinyModel Norm(TinyModel m) =>
            Parameters.Split(' ').Aggregate(m, (model, name) => model.Initializer(name, [3], 1f, 1, 1));
        Refused(m => Norm(m).Op("", "BatchNormalization", ["y", "m2", "v2"], ["x", .. Parameters.Split(' ')],
            Attribute("training_mode", 1)), "*BatchNormalization*training mode*", opset: 15);
        Refused(m => Norm(m).Op("", "BatchNormalization", ["y", "a", "b", "c", "d"], ["x", .. Parameters.Split(' ')]),
            "*BatchNormalization*training mode*", opset: 9);
        Refused(m => m.Initializer("ratio", [], 0.5f).Tensor("on", DataType.Bool, [], [1])
            .Op("Dropout", "y", ["x", "ratio", "on"]), "*Dropout*training mode*random*");
    }

    [Fact]
    public void A_dropout_with_ratio_0_does_not_change_the_gradient()
    {
        TinyModel model = Small(17).Initializer("ratio", [], 0f).Tensor("on", DataType.Bool, [], [1])
            .Op("Dropout", "y", ["x", "ratio", "on"]).Output();
        using var gradient = new GradientHarness(model.ToBytes(), _ => [1, 3, 4, 4]);
        float[] seed = [.. Enumerable.Range(0, 48).Select(i => (float)i)];
        gradient.Run(new float[48], [1, 3, 4, 4], seed, [1, 3, 4, 4]).Gradients[0].Should().Equal(seed);
    }

    [Fact]
    public void Weights_and_positions_that_depend_on_the_picture_are_refused()
    {
        Refused(m => m.Op("Conv", "y", ["x", "x"]), "*Conv 'Conv_y': its weights depend on the picture*");
        Refused(m => m.Reshape("flat", 48).Op("ArgMax", "best", ["flat"], Attribute("axis", 0))
            .Op("Gather", "y", ["x", "best"], Attribute("axis", 3)), "*Gather 'Gather_y': its input 'best' is not*");
    }

    [Theory]
    [InlineData("is_causal", 1f, "*Attention 'Attention_y': it is causal*Score-CAM*")]
    [InlineData("softcap", 2f, "*Attention 'Attention_y': it limits its scores (softcap)*")]
    public void Attention_of_language_models_is_refused(string attribute, float value, string message) => Refused(
        m => m.Op("Attention", "y", ["x", "x", "x"],
            attribute == "softcap" ? Attribute(attribute, value) : Attribute(attribute, (long)value)),
        message, opset: 23);

    [Fact]
    public void Attention_with_shared_keys_or_a_computed_mask_is_refused()
    {
        Refused(m => m.Reshape("flat", 1, 4, 12).Initializer("k", [1, 4, 4], new float[16])
            .Op("Attention", "y", ["flat", "k", "k"], Attribute("q_num_heads", 3), Attribute("kv_num_heads", 1)),
            "*Attention 'Attention_y': several heads share a key*", opset: 23);
        Refused(m => m.Op("Attention", "y", ["x", "x", "x", "x"]), "*its mask depends on the picture*", opset: 23);
    }

    [Fact]
    public void Float64_and_very_old_operators_are_refused()
    {
        Refused(m => m.Cast("wide", DataType.Double).Unary("Exp", "e").Cast("y", DataType.Float), "*float64*");
        Refused(m => m.Relu("y"), "*operator set 6*", opset: 6);
    }

    [Fact]
    public void A_tensor_of_integers_has_no_gradient()
    {
        TinyModel model = Small(17).Cast("whole", DataType.Int64).Cast("y", DataType.Float).Output();
        Action build = () => new GradientHarness(model.ToBytes(), _ => [1, 3, 4, 4], tensors: ["whole"]).Dispose();
        build.Should().Throw<UnsupportedModelException>().WithMessage("*'whole' holds Int64 values*");
    }

    [Fact]
    public void A_tensor_that_does_not_reach_the_logits_has_a_gradient_of_zeros()
    {
        TinyModel model = Small(17).Relu("side").Unary("Neg", "y", "x").Output();
        using var gradient = new GradientHarness(model.ToBytes(), _ => [1, 3, 4, 4], tensors: ["side", "x"]);
        float[] x = [.. Enumerable.Range(0, 48).Select(i => i - 20f)], seed = [.. x.Select(_ => 1f)];
        float[][] gradients = gradient.Run(x, [1, 3, 4, 4], seed, [1, 3, 4, 4]).Gradients;
        gradients[0].Should().HaveCount(48).And.OnlyContain(value => value == 0);
        gradients[1].Should().OnlyContain(value => value == -1);
    }

    private static TinyModel Small(int opset) => new TinyModel(opset).Import("my.ops").Input("x", Map);

    private static void Refused(Func<TinyModel, TinyModel> build, string message, int opset = 17)
    {
        byte[] model = build(Small(opset)).Output().ToBytes();
        Action open = () => new GradientHarness(model, _ => [1, 3, 4, 4]).Dispose();
        open.Should().Throw<UnsupportedModelException>().WithMessage(message);
    }
}
