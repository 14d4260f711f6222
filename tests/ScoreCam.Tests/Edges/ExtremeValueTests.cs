using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Edges;

/// <summary>
/// Very large, very small and non-finite numbers in activations, weights and scores. The result is a correct map, or an
/// error or a warning that names the problem.
/// </summary>
public class ExtremeValueTests
{
    private static readonly ScoreCamPreset[] WithoutGuards =
        [ScoreCamPreset.Paper, ScoreCamPreset.Official, ScoreCamPreset.IncreaseOfConfidence];

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    [InlineData(100)]
    [InlineData(-100)]
    public void Activations_multiplied_by_a_power_of_two_give_the_same_map(int exponent)
    {
        using ImageModel usual = ImageModel.Load(Scaled(0)), scaled = ImageModel.Load(Scaled(exponent));
        foreach (ScoreCamPreset preset in WithoutGuards)
            foreach (bool signed in new[] { false, true })
            {
                ScoreCamOptions options = new() { Layers = ["scaled"], Preset = preset, Signed = signed };
                Explanation why = scaled.Explain(Networks.Picture(), options: options);
                why.Map.DifferenceTo(usual.Explain(Networks.Picture(), options: options).Map).Should()
                    .BeLessThan(1e-6f, $"the map of {preset} does not depend on the scale of the activations");
                why.Warnings.Should().BeEmpty();
            }
        foreach (ChannelSampling sampling in new[] { ChannelSampling.Adaptive(maxPasses: 7),
            ChannelSampling.TopVariance(4) })
        {
            ScoreCamOptions options = new() { Layers = ["scaled"], Sampling = sampling };
            Explanation why = scaled.Explain(Networks.Picture(), options: options),
                expected = usual.Explain(Networks.Picture(), options: options);
            why.Layers[0].PredictedChannels.Should().Equal(expected.Layers[0].PredictedChannels);
            why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-5f, $"{sampling}");
            // The estimated error is unknown for both networks, or almost the same.
            Math.Abs((why.Layers[0].EstimatedError ?? -1) - (expected.Layers[0].EstimatedError ?? -1)).Should()
                .BeLessThan(1e-3f, $"{sampling}");
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(-60)]
    [InlineData(-100)]
    public void Activations_multiplied_by_a_power_of_two_give_the_same_map_in_other_methods(int exponent)
    {
        using ImageModel usual = ImageModel.Load(Scaled(0)), scaled = ImageModel.Load(Scaled(exponent));
        foreach (Func<ImageModel, Explainer> method in new Func<ImageModel, Explainer>[]
        {
            model => new EigenCamExplainer(model, new() { Layers = ["scaled"] }),
            model => new AblationCamExplainer(model, new() { Layers = ["scaled"] }),
            model => new ReciproCamExplainer(model, new() { Layers = ["scaled"] }),
            model => new RandomWeightsCamExplainer(model, new() { Layers = ["scaled"] }),
        })
        {
            Explanation why = method(scaled)
                .Explain(Networks.Picture(), Target.Class(2), cancellationToken: TestContext.Current.CancellationToken);
            Explanation expected = method(usual)
                .Explain(Networks.Picture(), Target.Class(2), cancellationToken: TestContext.Current.CancellationToken);
            why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-5f, why.Method);
            expected.Map.Values.ToArray().Should().Contain(1f);
        }
    }

    [Fact]
    public void The_map_of_denormal_activations_is_coarse_and_gives_a_warning()
    {
        using ImageModel usual = ImageModel.Load(Scaled(0)), tiny = ImageModel.Load(Scaled(-138));
        Explanation why = tiny.Explain(Networks.Picture(), options: new() { Layers = ["scaled"] });
        why.Map.DifferenceTo(usual.Explain(Networks.Picture(), options: new() { Layers = ["scaled"] }).Map).Should()
            .BeInRange(1e-6f, 0.1f);
        why.Warnings.Should().ContainSingle().Which.Should().Contain("'scaled'").And.Contain("few digits");
    }

    [Fact]
    public void Activations_too_large_to_interpolate_are_refused()
    {
        using ImageModel model = ImageModel.Load(Scaled(125));
        foreach (Action explain in new Action[]
        {
            () => model.Explain(Networks.Picture(), options: new() { Layers = ["scaled"] }),
            () => new EigenCamExplainer(model, new() { Layers = ["scaled"] }).Explain(Networks.Picture()),
        })
            explain.Should().Throw<ScoreCamException>().WithMessage("*'scaled'*E+3*single precision*preprocessing*");
    }

    [Fact]
    public void Activations_whose_sum_overflows_are_refused()
    {
        // Nine channels are 2¹²⁵ everywhere except at one position. The first singular vector sums them to three times
        // as much.
        byte[] network = new TinyModel().Input("image", 1, 1, 2, 2)
            .Initializer("w", [9, 1, 1, 1], [.. Enumerable.Repeat(MathF.ScaleB(1, 125), 9)])
            .Op("Conv", "conv", ["image", "w"]).Relu(Networks.Layer)
            .Initializer("down", [1], MathF.ScaleB(1, -125)).Mul("restored", Networks.Layer, "down")
                .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3, inputs: 9).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        var eigen = new EigenCamExplainer(model, new() { Layers = [Networks.Layer] });
        ((Action)(() => eigen.Explain(PreparedImage.FromTensor([1, 1, 1, 0], 1, 2, 2)))).Should()
            .Throw<ScoreCamException>().WithMessage("The map of Eigen-CAM*single precision*");
    }

    [Theory]
    [InlineData(ScoreCamPreset.PytorchGradCam)]
    [InlineData(ScoreCamPreset.TorchCam)]
    public void A_map_that_a_guard_almost_removes_gives_a_warning(ScoreCamPreset preset)
    {
        using ImageModel model = ImageModel.Load(Scaled(-50));
        Explanation why = model.Explain(Networks.Picture(), options: new() { Layers = ["scaled"], Preset = preset });
        why.Map.Values.ToArray().Max().Should()
            .BeLessThan(0.2f, "range / (range + ε) is almost zero, as in the original program");
        why.Warnings.Should().ContainSingle().Which.Should().Contain("guard").And.Contain("Paper");
    }

    [Theory]
    [InlineData("conv1.weight", float.NaN, "layer 'features' contains NaN")]
    [InlineData("conv2.weight", float.PositiveInfinity, "layer 'features' contains NaN")]
    [InlineData("gemm.weight", float.NaN, "score of class*NaN")]
    [InlineData("gemm.bias", float.NegativeInfinity, "score of class*-Infinity")]
    public void Non_finite_weights_give_an_error_that_names_the_place(string weights, float value, string says)
    {
        TinyModel model = Networks.Trunk();
        Span<float> values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte,
            float>(model.Model.Graph.Initializer.Single(i => i.Name == weights).RawData.ToByteArray()).ToArray();
        values.Fill(value);
        model.Model.Graph.Initializer.Single(i => i.Name == weights).RawData =
            Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
        using ImageModel loaded = ImageModel.Load(model.Output().ToBytes());
        ((Action)(() => loaded.Explain(Networks.Picture()))).Should().Throw<ScoreCamException>()
            .WithMessage($"*{says}*");
        ((Action)(() => loaded.Predict(Networks.Picture()))).Should().Throw<ScoreCamException>();
        ((Action)(() => new RiseExplainer(loaded, new() { Masks = 3 }).Explain(Networks.Picture()))).Should()
            .Throw<ScoreCamException>();
    }

    [Fact]
    public void A_network_that_divides_by_masked_values_gives_an_error()
    {
        // The network divides the picture by its norm. A dead channel masks everything, and this gives 0 / 0.
        TinyModel norm = new TinyModel(seed: Networks.Seed).Input("image", -1, 3, Networks.Height, Networks.Width)
            .Op("ReduceL2", "norm", ["image"], Attribute("axes", [1, 2, 3])).Op("Div", "unit", ["image", "norm"])
                .Initializer("up", [1], 20f).Mul("even", "unit", "up");
        byte[] network = Networks.Head(norm.Conv("conv2", 10, from: "even").Relu(Networks.Layer)
            .Initializer("live", [1, 10, 1, 1], 0f, 1, 1, 1, 1, 1, 1, 1, 1, 1).Mul("masked", Networks.Layer, "live"))
            .Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        model.Predict(Networks.Picture()).Logits.ToArray().Should().OnlyContain(logit => float.IsFinite(logit));
        ((Action)(() => model.Explain(Networks.Picture(), options: new() { Layers = ["masked"] }))).Should()
            .Throw<ScoreCamException>().WithMessage("*score of class*NaN*");
        model.Explain(Networks.Picture(),
            options: new() { Layers = ["masked"], Preset = ScoreCamPreset.Official }).Map.Values.ToArray().Should()
            .Contain(1f, "this preset skips dead channels");
    }

    [Fact]
    public void A_float16_overflow_in_the_scores_or_in_the_input_gives_an_error()
    {
        byte[] network = Networks.Tail(new TinyModel(seed: Networks.Seed)
            .InputOf("image", DataType.Float16, -1, 3, Networks.Height, Networks.Width).Cast("real", DataType.Float))
            .Initializer("huge", [1], 1e6f).Mul("large", "logits", "huge").Cast("half", DataType.Float16)
                .OutputOf("half", DataType.Float16, -1, Networks.Classes).ToBytes();
        using ImageModel model = ImageModel.Load(network);
        ((Action)(() => model.Predict(Networks.Picture()))).Should().Throw<ScoreCamException>()
            .WithMessage("*Infinity*float16 overflow*");
        float[] bright = Networks.Picture().Tensor.ToArray();
        bright[5] = 70_000;
        ((Action)(() => model.Predict(PreparedImage.FromTensor(bright, 3, Networks.Height, Networks.Width)))).Should()
            .Throw<ScoreCamException>().WithMessage("*70000*65504*preprocessing*");
    }

    [Fact]
    public void Scores_near_the_largest_float_give_only_the_best_channel()
    {
        byte[] network = Networks.Trunk().Initializer("huge", [1], 1e36f).Mul("large", "logits", "huge").Output()
            .ToBytes();
        using ImageModel model = ImageModel.Load(network), usual = ImageModel.Load(Networks.Logits());
        Explanation why = model.Explain(Networks.Picture());
        int best = Array.IndexOf([.. why.Layers[0].ChannelScores], why.Layers[0].ChannelScores.Max());
        why.Layers[0].ChannelWeights.Should()
            .Equal(Enumerable.Range(0, 10).Select(k => k == best ? 1f : 0f),
            "the softmax of numbers that far apart consists of a one and zeros");
        // The map of a single channel is its mask.
        SaliencyMap mask = new ScoreCamExplainer(usual)
            .ChannelMask(Networks.Picture(), best, TestContext.Current.CancellationToken);
        why.Map.DifferenceTo(mask).Should().BeLessThan(1e-6f);
        // A thousand times that overflows.
        Target contrast = Target.Function("apart", logits => 1e3f * logits[2]);
        ((Action)(() => model.Explain(Networks.Picture(), contrast))).Should().Throw<ScoreCamException>()
            .WithMessage("*'apart'*Infinity*");
    }

    [Fact]
    public void Targets_whose_differences_or_sums_overflow_give_an_error()
    {
        using ImageModel model = ImageModel.Load(Scaled(60));
        Target one = Target.Function("one end", _ => 3e38f);
        float[] seen = [];
        // Scores are on both sides of the threshold, so that some differences are too large.
        Target threshold = Target.Function("both ends", logits =>
            logits[2] > seen.Order().ElementAt(5) ? 3e38f : -3e38f);
        seen = [.. model.Explain(Networks.Picture(), options: new() { Layers = ["scaled"] }).Layers[0].ChannelScores];
        ((Action)(() => model.Explain(Networks.Picture(), threshold, new() { Layers = ["scaled"], TwoSided = true })))
            .Should().Throw<ScoreCamException>().WithMessage("*two-sided*'both ends'*Infinity*");
        ((Action)(() => model.Explain(Networks.Picture(), one,
            new() { Layers = ["scaled"], Preset = ScoreCamPreset.Official }))).Should().Throw<ScoreCamException>()
            .WithMessage("*weighted sum*'scaled'*single precision*target*");
    }

    [Fact]
    public void A_picture_too_far_from_the_fill_of_its_masks_gives_an_error()
    {
        // A bright pixel among dark ones differs from its blurred value by more than the largest float.
        float[] ends = [.. Enumerable.Repeat(-3e38f, 3 * Networks.Height * Networks.Width)];
        ends[(5 * Networks.Width) + 5] = 3e38f;
        PreparedImage picture = PreparedImage.FromTensor(ends, 3, Networks.Height, Networks.Width);
        using ImageModel model = ImageModel.Load(Networks.Logits());
        foreach (Action show in new Action[]
        {
            () => model.Mask(picture, new SaliencyMap(1, 1, [0.5f]), MaskFill.Blurred),
            () => model.Explain(picture, options: new() { MaskFill = MaskFill.Blurred }),
        })
            show.Should().Throw<ScoreCamException>().WithMessage("*mask's fill*not finite*preprocessing*");
    }

    /// <summary>
    /// The usual network, in which two steps multiply the layer by a power of two, and two later steps divide by it.
    /// </summary>
    private static byte[] Scaled(int exponent)
    {
        (int first, int second) = (exponent / 2, exponent - (exponent / 2));
        TinyModel model = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width));
        model.Initializer("up1", [1], MathF.ScaleB(1, first)).Initializer("up2", [1], MathF.ScaleB(1, second))
            .Initializer("down1", [1], MathF.ScaleB(1, -first)).Initializer("down2", [1], MathF.ScaleB(1, -second));
        model.Mul("half_scaled", Networks.Layer, "up1").Mul("scaled", "half_scaled", "up2")
            .Mul("half_restored", "scaled", "down1").Mul("restored", "half_restored", "down2");
        return Networks.Head(model).Output().ToBytes();
    }
}
