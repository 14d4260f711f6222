using FluentAssertions;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Images;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests;

/// <summary>Element types, layouts and sizes of inputs, tested with complete predictions and explanations.</summary>
public class ImageInputTests
{
    [Fact]
    public void A_float16_input_gives_almost_the_same_map()
    {
        byte[] half = Networks.Tail(new TinyModel(seed: Networks.Seed)
            .InputOf("image", DataType.Float16, -1, 3, Networks.Height, Networks.Width).Cast("real", DataType.Float))
            .Output().ToBytes();
        using ImageModel model = ImageModel.Load(half, new() { BatchSize = 3 });
        model.Input.ElementType.Should().Be(TensorElementType.Float16);
        model.Explain(Networks.Picture()).Map.DifferenceTo(Networks.Explain(Networks.Logits(), Networks.Picture()).Map)
            .Should().BeInRange(1e-7f, 5e-3f, "the input is rounded to eleven bits");
    }

    [Fact]
    public void Float16_scores_and_maps_are_read()
    {
        TinyModel body = Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width)).Cast("half", DataType.Float16).Relu("half_relu")
            .Cast("real", DataType.Float);
        byte[] half = Networks.Head(body).Cast("half_logits", DataType.Float16)
            .OutputOf("half_logits", DataType.Float16, -1, Networks.Classes).ToBytes();
        Explanation why = Networks.Explain(half, Networks.Picture(), layers: "half_relu");
        why.Map.DifferenceTo(Networks.Explain(Networks.Logits(), Networks.Picture()).Map).Should()
            .BeInRange(1e-7f, 1e-2f);
    }

    [Theory]
    [InlineData(1.4f, 1)]
    [InlineData(1.6f, 2)]
    [InlineData(254.7f, 255)]
    [InlineData(300f, 255)]
    [InlineData(-5f, 0)]
    public void A_uint8_input_is_rounded_to_the_nearest_byte(float value, float expected)
    {
        byte[] mean = new TinyModel().InputOf("image", DataType.UInt8, -1, 3, 4, 4).Cast("real", DataType.Float)
            .Conv("conv", 1).GlobalAveragePool("unused")
            .GlobalAveragePool("mean", "real").Flatten("logits").Output().ToBytes();
        using ImageModel model = ImageModel.Load(mean);
        float[] values = new float[48];
        Array.Fill(values, value);
        model.Predict(PreparedImage.FromTensor(values, 3, 4, 4)).Logits.ToArray().Should()
            .Equal(expected, expected, expected);
    }

    [Fact]
    public void A_network_with_one_input_channel_uses_the_luma_of_a_picture()
    {
        byte[] mean = new TinyModel().Input("image", -1, 1, 4, 4).Conv("conv", 2).GlobalAveragePool("gap")
            .Flatten("logits").Output().ToBytes();
        using ImageModel model = ImageModel.Load(mean);
        model.Input.Channels.Should().Be(1);
        PreparedImage prepared = model.Prepare(Solid(4, 4, 255, 0, 0));
        prepared.Tensor.ToArray().Should()
            .OnlyContain(v => Math.Abs(v - (76 / 255f)) < 1e-6f, "red has 299/1000 of the luma, 76 of 255");
    }

    [Fact]
    public void A_network_of_free_size_accepts_different_sizes_in_turn()
    {
        byte[] network = Networks.Tail(new TinyModel(seed: Networks.Seed).Input("image", -1, 3, -1, -1)).Output()
            .ToBytes();
        using ImageModel model = ImageModel.Load(network, new() { BatchSize = 4 });
        (model.Input.Height, model.Input.Width).Should().Be((null, null));

        Explanation usual = model.Explain(Networks.Picture());
        Explanation large = model.Explain(Networks.Picture(3, 3, 40, 52));
        Explanation again = model.Explain(Networks.Picture());

        usual.Map.DifferenceTo(Networks.Explain(Networks.Logits(), Networks.Picture()).Map).Should().BeLessThan(1e-5f);
        (large.Map.Width, large.Map.Height, large.Layers[0].Layer.Width, large.Layers[0].Layer.Height).Should()
            .Be((52, 40, 26, 20));
        again.Map.DifferenceTo(usual.Map).Should().Be(0);
        model.Prepare(Solid(31, 17, 9, 9, 9)).Should()
            .Match<PreparedImage>(p => p.Width == 31 && p.Height == 17, "the picture's own size is used");
        using ImageModel sized =
            ImageModel.Load(network, new() { Preprocessing = Preprocessing.Unit with { Width = 26, Height = 24 } });
        sized.Prepare(Solid(31, 17, 9, 9, 9)).Should().Match<PreparedImage>(p => p.Width == 26 && p.Height == 24);
    }

    [Fact]
    public void The_given_layout_is_used_for_the_layers()
    {
        // The shape is 3 × 8 × 3, and the operators are elementwise. Nothing shows the layout.
        byte[] network = new TinyModel().Input("image", 1, 3, 8, 3).Weights("w", 1, 3, 8, 3).Mul("scaled", "image", "w")
            .Relu("relu").Flatten("flat").Gemm("logits", 4, inputs: 72).Output().ToBytes();
        ((Action)(() => ImageModel.Load(network))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*ModelOptions.Layout*");
        using ImageModel nchw = ImageModel.Load(network, new() { Layout = TensorLayout.Nchw });
        using ImageModel nhwc = ImageModel.Load(network, new() { Layout = TensorLayout.Nhwc });

        (nchw.Input.Height, nchw.Input.Width).Should().Be((8, 3));
        (nhwc.Input.Height, nhwc.Input.Width).Should().Be((3, 8));
        nchw.Layers.Single(layer => layer.Name == "relu").Should()
            .Match<LayerInfo>(l => l.Channels == 3 && l.Height == 8 && l.Width == 3);
        nhwc.Layers.Single(layer => layer.Name == "relu").Should()
            .Match<LayerInfo>(l => l.Channels == 3 && l.Height == 3 && l.Width == 8);
    }

    private static RgbImage Solid(int width, int height, byte red, byte green, byte blue) =>
        new(width, height, [.. Enumerable.Repeat(new[] { red, green, blue }, width * height).SelectMany(p => p)]);
}
