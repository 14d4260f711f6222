using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Methods.ScoreCam;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Edges;

/// <summary>
/// Networks of one channel or no live channel, of one class or a hundred thousand, maps of two positions or a million,
/// and pictures of one row.
/// </summary>
public class ExtremeShapeTests
{
    [Fact]
    public void The_map_of_a_single_channel_is_that_channel()
    {
        byte[] network = new TinyModel(seed: 4).Input("image", -1, 3, 24, 20).Conv("conv", 1).Relu(Networks.Layer)
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3).Output(Networks.Layer).Output("logits")
            .ToBytes();
        using ImageModel model = ImageModel.Load(network, new() { Output = "logits" });
        using var session = new InferenceSession(network);
        float[] expected = BruteForceTests.ScoreCam(session, Networks.Picture(), 2).Map;
        foreach (ChannelSampling sampling in new[] { ChannelSampling.All, ChannelSampling.TopVariance(1),
            ChannelSampling.Adaptive(), ChannelSampling.Adaptive(maxPasses: 2) })
        {
            Explanation why = model.Explain(Networks.Picture(), options: new() { Sampling = sampling });
            why.Layers[0].ChannelWeights.Should().Equal([1f], $"{sampling}");
            why.Map.Values.LargestDifference(expected).Should().BeLessThan(1e-6f);
        }
        foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
            model.Explain(Networks.Picture(), options: new() { Preset = preset }).Map.Values.ToArray().Should()
                .OnlyContain(value => value >= 0 && value <= 1, $"{preset}");
    }

    [Fact]
    public void Without_live_channels_every_option_gives_a_blank_map_and_a_warning()
    {
        byte[] network = Networks.Head(
            Networks.Body(new TinyModel(seed: Networks.Seed).Input("image", -1, 3, Networks.Height, Networks.Width))
            .Initializer("zero", [1], 0f).Mul("dead", Networks.Layer, "zero")).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        foreach (ScoreCamOptions options in new ScoreCamOptions[]
        {
            new() { Sampling = ChannelSampling.Adaptive() }, new() { Sampling = ChannelSampling.TopVariance(4) },
            new() { Signed = true }, new() { TwoSided = true }, new() { FlipAveraging = true },
        })
        {
            Explanation why = model.Explain(Networks.Picture(), options: options with { Layers = ["dead"] });
            why.Map.Values.ToArray().Should().OnlyContain(value => value == 0, $"{options}");
            why.Warnings.Should().ContainSingle().Which.Should().Contain("constant");
        }
        Explanation two = model.Explain(Networks.Picture(), options: new() { Layers = ["dead", "dead"] });
        two.Warnings.Should().HaveCount(3, "each layer and their mean give a warning");
        new EigenCamExplainer(model, new() { Layers = ["dead"] })
            .Explain(Networks.Picture(), cancellationToken: TestContext.Current.CancellationToken).Warnings.Should()
            .ContainSingle();
    }

    [Fact]
    public void A_network_of_a_hundred_thousand_classes_gives_the_same_maps_as_one_of_five()
    {
        const int Classes = 100_000;
        TinyModel five = Networks.Trunk(), many = Networks.Trunk();
        foreach ((string name, int size) in new[] { ("gemm.weight", 10), ("gemm.bias", 1) })
        {
            TensorProto tensor = many.Model.Graph.Initializer.Single(i => i.Name == name);
            // The added classes have zero weights and a bias of −5.
            var values = new float[Classes * size];
            if (size == 1)
                values.AsSpan(Networks.Classes).Fill(-5);
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).CopyTo(values);
            tensor.RawData = Google.Protobuf.ByteString.CopyFrom(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
            tensor.Dims[0] = Classes;
        }
        using ImageModel few = ImageModel.Load(five.Output().ToBytes()),
            lots = ImageModel.Load(many.Output().ToBytes());
        lots.Classes.Count.Should().Be(Classes);
        foreach (ScoreCamPreset preset in new[] { ScoreCamPreset.Paper, ScoreCamPreset.Official })
        {
            Target[] targets = [Target.Class(2), .. Target.Top(2), Target.Class("class 4")];
            var explained = new ScoreCamExplainer(lots, new() { Preset = preset })
                .Explain(Networks.Picture(), targets, cancellationToken: TestContext.Current.CancellationToken);
            var expected = new ScoreCamExplainer(few, new() { Preset = preset })
                .Explain(Networks.Picture(), targets, cancellationToken: TestContext.Current.CancellationToken);
            for (int t = 0; t < targets.Length; t++)
            {
                explained[t].ClassIndex.Should().Be(expected[t].ClassIndex);
                explained[t].Map.DifferenceTo(expected[t].Map).Should().BeLessThan(1e-5f);
            }
        }
        lots.Explain(Networks.Picture(), Target.Class(Classes - 1)).Warnings.Should()
            .BeEmpty("equal scores give equal weights, and a map");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_single_class_has_a_yes_and_a_no_target(bool sigmoid)
    {
        TinyModel one = Networks.Trunk(classes: 1);
        ModelOptions options = new() { ScoreKind = sigmoid ? null : ScoreKind.Sigmoid };
        using ImageModel model = ImageModel.Load((sigmoid ? one.Sigmoid("p") : one).Output().ToBytes(), options);
        Explanation yes = model.Explain(Networks.Picture(), Target.Class(1)),
            no = model.Explain(Networks.Picture(), Target.Class(0));
        (yes.Logit, yes.Probability + no.Probability).Should().Be((-no.Logit, 1f));
        yes.Map.DifferenceTo(no.Map).Should().BeGreaterThan(0.1f);
        yes.Map.Values.ToArray().Should().Contain(1f).And.OnlyContain(value => value >= 0);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(5, 7)]
    public void Maps_of_one_row_or_column_match_the_reference_algorithm(int height, int width)
    {
        byte[] network = new TinyModel(seed: 6).Input("image", -1, 3, height, width).Conv("conv", 6)
            .Sigmoid(Networks.Layer).GlobalAveragePool("gap").Flatten("flat").Gemm("gemm", 3)
            .Initializer("spread", [1], 30f).Mul("logits", "gemm", "spread").Output(Networks.Layer).Output("logits")
                .ToBytes();
        PreparedImage picture = Networks.Picture(5, 3, height, width);
        using ImageModel model = ImageModel.Load(network, new() { Output = "logits" });
        Explanation why = model.Explain(picture, Target.Class(1));
        (why.Layers[0].Layer.Height, why.Layers[0].Layer.Width).Should().Be((height, width));
        using var session = new InferenceSession(network);
        why.Map.Values.LargestDifference(BruteForceTests.ScoreCam(session, picture, 1).Map).Should().BeLessThan(1e-5f);
        foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
            model.Explain(picture, options: new() { Preset = preset }).Map.Values.ToArray().Should()
                .OnlyContain(value => float.IsFinite(value), $"{preset}");
    }

    [Fact]
    public void A_transposed_network_gives_the_transposed_map_of_the_transposed_picture()
    {
        const int H = 9, W = 14;
        TinyModel Net(int height, int width) =>
            new TinyModel(seed: 8).Input("image", -1, 3, height, width).Conv("conv1", 6).Relu("relu1").Conv("conv2", 8)
            .Relu(Networks.Layer)
            .GlobalAveragePool("gap").Flatten("flat").Gemm("gemm", 3).Initializer("spread", [1], 30f)
                .Mul("logits", "gemm", "spread").Output();
        TinyModel turned = Net(W, H);
        foreach (TensorProto kernel in turned.Model.Graph.Initializer.Where(i => i.Dims.Count == 4))
        {
            float[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte,
                float>(kernel.RawData.Span).ToArray();
            float[] swapped = [.. values.Select((_, i) => values[(i / 9 * 9) + (i % 3 * 3) + (i / 3 % 3)])];
            kernel.RawData = Google.Protobuf.ByteString.CopyFrom(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(swapped.AsSpan()));
        }
        PreparedImage upright = Networks.Picture(9, 3, H, W);
        float[] tensor = [.. Enumerable.Range(0, 3 * H * W)
            .Select(i => upright.Tensor[(i / (H * W) * H * W) + (i % H * W) + (i / H % W)])];
        using ImageModel model = ImageModel.Load(Net(H, W).ToBytes()), transposed = ImageModel.Load(turned.ToBytes());
        SaliencyMap map = model.Explain(upright).Map,
            other = transposed.Explain(PreparedImage.FromTensor(tensor, 3, W, H)).Map;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                other[x, y].Should().BeApproximately(map[y, x], 1e-4f);
    }

    [Fact]
    public void Maps_of_a_million_positions_match_the_reference_algorithm()
    {
        const int Side = 1000;
        byte[] network = new TinyModel(seed: 11).Input("image", -1, 1, Side, Side).Conv("conv", 2)
            .Sigmoid(Networks.Layer).GlobalAveragePool("gap").Flatten("flat").Gemm("gemm", 2)
            .Initializer("spread", [1], 30f).Mul("logits", "gemm", "spread").Output(Networks.Layer).Output("logits")
                .ToBytes();
        PreparedImage picture = Networks.Picture(5, 1, Side, Side);
        using ImageModel model = ImageModel.Load(network, new() { Output = "logits" });
        using var session = new InferenceSession(network);
        float[] expected = BruteForceTests.ScoreCam(session, picture, 1).Map;
        model.Explain(picture, Target.Class(1)).Map.Values.LargestDifference(expected).Should().BeLessThan(1e-4f);
        model.Explain(picture, Target.Class(1),
            new() { Sampling = ChannelSampling.Adaptive(maxPasses: 2) }).Map.Values.LargestDifference(expected)
            .Should().BeLessThan(1e-4f);
    }

    [Fact]
    public void A_picture_of_one_pixel_gives_a_blank_map_and_a_warning()
    {
        // Padding gives maps of 3 × 3 for one pixel. The maps vary, but at the size of the picture this is lost.
        byte[] network = new TinyModel(seed: 4).Input("image", -1, 3, 1, 1).Weights("w", 1, 4, 3, 3, 3)
            .Op("Conv", "conv", ["image", "w"], Attribute("kernel_shape", [3, 3]), Attribute("pads", [2, 2, 2, 2]))
            .Sigmoid(Networks.Layer).Op("ReduceMean", "flat", [Networks.Layer], Attribute("axes", [2, 3]),
                Attribute("keepdims", 0)).Gemm("logits", 3, 4).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        foreach (bool signed in new[] { false, true })
        {
            Explanation why = model.Explain(Networks.Picture(1, 3, 1, 1),
                options: new() { Layers = [Networks.Layer], Signed = signed });
            why.RawMap.Values.ToArray().Distinct().Should().HaveCountGreaterThan(1);
            why.Map.Values.ToArray().Should().Equal(0f);
            why.Warnings.Should().ContainSingle().Which.Should().Contain("equal everywhere");
        }
    }

    [Fact]
    public void A_peak_between_the_pixels_of_a_smaller_picture_is_reported_as_a_flat_map()
    {
        new MapNormalizer(MapRule.UpsampleThenMinMax, signed: false, 1, 2)
            .Normalize(new(6, 1, [0, 0, 5, 0, 0, 0]), out bool isFlat).Values.ToArray().Should().Equal(0, 0);
        isFlat.Should().BeTrue("the pixel centres of 2 are at positions 1 and 4 of 6");
        new MapNormalizer(MapRule.UpsampleThenMinMax, signed: false, 1, 2)
            .Combine([new(2, 1, [0, 1]), new(2, 1, [1, 0])], LayerCombination.Mean, out isFlat);
        isFlat.Should().BeTrue("the mean of opposite maps is equal everywhere");
    }
}
