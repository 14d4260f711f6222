using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// The layer that is explained by default, in networks that do not end with a plain average. The expected layers were
/// chosen by hand: each is the last tensor before the pooling that is a map of the picture.
/// </summary>
public class DefaultLayerTests
{
    private const string Features = Networks.Layer;

    // Each continues from the map "features" (10 × 12 × 10) to 5 logits.
    private static readonly Dictionary<string, Func<TinyModel, TinyModel>> Poolings = new()
    {
        ["GeM with a learned power, bounded by Max"] = m =>
            Means(m.Op("Max", "a", [Features, "tiny"]).Op("Pow", "b", ["a", "power"]), "c")
            .Op("Pow", "d", ["c", "root"]),
        ["GeM by products"] = m => Means(m.Op("Mul", "a", [Features, Features]), "b").Unary("Sqrt", "d"),
        ["log of the mean of exponentials"] = m => Means(m.Unary("Exp", "a", Features), "b").Unary("Log", "d"),
        ["log-sum-exp with a factor and the maximum"] = m =>
            Means(m.Op("ReduceMax", "max", [Features], Places).Op("Sub", "a", [Features, "max"])
                .Op("Mul", "b", ["a", "power"]).Unary("Exp", "e"), "c")
                .Unary("Log", "f").Op("Div", "g", ["f", "power"]).Op("Add", "d", ["g", "max"]),
        ["ReduceLogSumExp"] = m => m.Op("ReduceLogSumExp", "d", [Features], Places),
        ["the root of the mean square"] = m => m.Op("ReduceL2", "d", [Features], Places),
        ["maximum"] = m => m.Op("ReduceMax", "d", [Features], Places),
        ["average and maximum together"] = m => m.GlobalAveragePool("a", Features).Unary("GlobalMaxPool", "b", Features)
            .Concat("d", 1, "a", "b"),
        ["softmax of a convolution, product and sum"] = m => m.Conv("score", 1, kernel: 1, from: Features)
            .Reshape("row", -1, 1, 120).Softmax("weights", axis: 2)
            .Reshape("map", -1, 1, 12, 10).Op("Mul", "weighted", [Features, "map"]).Initializer("places", [2], 2L, 3L)
                .Op("ReduceSum", "d", ["weighted", "places"]),
        ["softmax of a convolution, matrix product"] = m => m.Conv("score", 1, kernel: 1, from: Features)
            .Reshape("column", -1, 120, 1).Softmax("weights", axis: 1)
            .Initializer("list", [3], -1L, 10L, 120L).Op("Reshape", "places", [Features, "list"])
                .Op("MatMul", "d", ["places", "weights"]),
        ["every place through Einsum"] = m => m.Initializer("ones", [12, 10], [.. Enumerable.Repeat(1f / 120, 120)])
            .Op("Einsum", "d", [Features, "ones"], Attribute("equation", "nchw,hw->nc")),
    };

    private static ScoreCam.Tests.Support.Proto.AttributeProto Places => Attribute("axes", 2, 3);

    public static TheoryData<string> PoolingNames => [.. Poolings.Keys];

    [Theory]
    [MemberData(nameof(PoolingNames))]
    public void The_layer_before_all_operators_of_the_pooling_is_explained(string pooling)
    {
        TinyModel model = Constants(Networks.Body(Start()));
        TinyModel pooled = Poolings[pooling](model);
        int channels = pooling == "average and maximum together" ? 20 : 10;
        using ImageModel network =
            ImageModel.Load(pooled.Flatten("flat").Gemm("logits", 5, channels).Output().ToBytes());
        network.DefaultLayer.Name.Should().Be(Features);
        network.Explain(Networks.Picture()).Map.Values.ToArray().Should().Contain(1f);
    }

    [Fact]
    public void A_square_without_a_root_after_the_pooling_is_a_layer()
    {
        TinyModel model = Constants(Networks.Body(Start())).Op("Mul", "squared", [Features, Features])
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 10);
        using ImageModel network = ImageModel.Load(model.Output().ToBytes());
        network.DefaultLayer.Name.Should().Be("squared", "no root follows the pooling");
    }

    [Fact]
    public void The_upright_branch_of_a_network_with_a_mirrored_branch_is_explained()
    {
        TinyModel model = Start().Initializer("from", [1], -1L).Initializer("to", [1], long.MinValue + 1)
            .Initializer("axis", [1], 3L).Initializer("step", [1], -1L);
        model.Conv("up", 6, from: "image").Relu("upright").GlobalAveragePool("up_gap");
        model.Op("Slice", "mirrored", ["image", "from", "to", "axis", "step"])
            .Op("Conv", "down", ["mirrored", "up.weight", "up.bias"], Attribute("pads", 1, 1, 1, 1));
        model.Relu("flipped").GlobalAveragePool("down_gap").Add("sum", "up_gap", "down_gap").Flatten("flat")
            .Gemm("logits", 5, 6);
        using ImageModel network = ImageModel.Load(model.Output().ToBytes());
        network.DefaultLayer.Name.Should().Be("upright");
        network.Layers.Select(layer => layer.Name).Should().Equal("up", "upright");
    }

    [Fact]
    public void The_sum_of_an_upright_map_and_a_map_that_is_mirrored_back_is_explained()
    {
        TinyModel model = Start().Initializer("from", [1], -1L).Initializer("to", [1], long.MinValue + 1)
            .Initializer("axis", [1], 3L).Initializer("step", [1], -1L);
        model.Conv("up", 6, from: "image").Relu("upright");
        model.Op("Slice", "mirrored", ["image", "from", "to", "axis", "step"])
            .Op("Conv", "down", ["mirrored", "up.weight", "up.bias"], Attribute("pads", 1, 1, 1, 1));
        model.Relu("flipped").Op("Slice", "back", ["flipped", "from", "to", "axis", "step"])
            .Add("sum", "upright", "back");
        using ImageModel network =
            ImageModel.Load(model.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 6).Output().ToBytes());
        network.DefaultLayer.Name.Should().Be("sum");
        network.Layers.Select(layer => layer.Name).Should().Equal("up", "upright", "back", "sum");
    }

    [Fact]
    public void A_rolled_map_is_a_layer_only_after_it_is_rolled_back()
    {
        TinyModel model = Networks.Body(Start()).Initializer("zero", [1], 0L).Initializer("three", [1], 3L)
            .Initializer("nine", [1], 9L)
            .Initializer("end", [1], long.MaxValue).Initializer("axis", [1], 2L);
        model.Op("Slice", "rest", [Features, "three", "end", "axis"])
            .Op("Slice", "first", [Features, "zero", "three", "axis"]).Concat("rolled", 2, "rest", "first");
        model.Op("Mul", "worked", ["rolled", "rolled"]);
        model.Op("Slice", "tail", ["worked", "nine", "end", "axis"])
            .Op("Slice", "head", ["worked", "zero", "nine", "axis"]).Concat("back", 2, "tail", "head");
        using ImageModel network =
            ImageModel.Load(model.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 10).Output().ToBytes());
        network.Layers.Select(layer => layer.Name).Should()
            .Contain("back").And.NotContain(["rolled", "worked", "first"]);
        network.DefaultLayer.Name.Should().Be("back");
    }

    [Fact]
    public void Windows_are_not_layers_and_the_map_that_joins_them_is_a_layer()
    {
        // [N, 10, 12, 10] → windows of 3 × 5 → back, in the order of window attention.
        TinyModel model = Networks.Body(Start()).Reshape("split", -1, 10, 4, 3, 2, 5)
            .Transpose("windows", 0, 2, 4, 3, 5, 1).Reshape("list", -1, 3, 5, 10)
            .MatMul("mixed", 10, 10).Relu("active").Reshape("joined", -1, 4, 2, 3, 5, 10)
                .Transpose("turned", 0, 5, 1, 3, 2, 4).Reshape("picture", -1, 10, 12, 10);
        using ImageModel network =
            ImageModel.Load(model.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 10).Output().ToBytes());
        network.DefaultLayer.Name.Should().Be("picture");
        network.Layers.Select(layer => layer.Name).Should().NotContain(["list", "mixed", "active"]);
    }

    [Fact]
    public void Moving_blocks_of_pixels_into_channels_gives_a_smaller_map()
    {
        TinyModel model = Start().Conv("conv0", 4).Relu("relu0").Reshape("split", -1, 4, 12, 2, 10, 2)
            .Transpose("turned", 0, 3, 5, 1, 2, 4).Reshape("blocks", -1, 16, 12, 10);
        using ImageModel network =
            ImageModel.Load(model.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 16).Output().ToBytes());
        LayerInfo blocks = network.Layers.Single(layer => layer.Name == "blocks");
        (blocks.Channels, blocks.Height, blocks.Width).Should().Be((16, 12, 10));
    }

    [Fact]
    public void The_map_before_a_recurrent_head_is_explained()
    {
        TinyModel model = Networks.Body(Start()).Transpose("rows", 2, 0, 1, 3).Reshape("sequence", 12, -1, 100);
        model.Weights("gru.w", 0.1, 1, 24, 100).Weights("gru.r", 0.1, 1, 24, 8)
            .Op("", "GRU", ["all", "last"], ["sequence", "gru.w", "gru.r"], Attribute("hidden_size", 8));
        using ImageModel network =
            ImageModel.Load(model.Initializer("vector", [2], -1L, 8L).Op("Reshape", "flat", ["last", "vector"])
            .Gemm("logits", 5, 8).Output().ToBytes());
        network.DefaultLayer.Name.Should().Be(Features);
        network.Layers.Select(layer => layer.Name).Should().NotContain("all");
    }

    [Fact]
    public void The_map_before_attention_pooling_with_a_learned_query_is_explained()
    {
        // One learned query, and keys and values of the map's positions. The result is a single token and not a map.
        TinyModel model = Networks.Body(Start()).Reshape("list", -1, 10, 120).Transpose("tokens", 0, 2, 1);
        model.MatMul("keys", 10, 10, "tokens").Transpose("turned", 0, 2, 1).MatMul("values", 10, 10, "tokens")
            .Weights("query", 0.3, 1, 1, 10);
        model.Op("MatMul", "products", ["query", "turned"]).Softmax("attention", axis: 2)
            .Op("MatMul", "pooled", ["attention", "values"]);
        using ImageModel network = ImageModel.Load(model.Flatten("flat").Gemm("logits", 5, 10).Output().ToBytes());
        network.DefaultLayer.Name.Should().Be(Features);
    }

    private static TinyModel Start() => new TinyModel(seed: Networks.Seed)
        .Input("image", -1, 3, Networks.Height, Networks.Width);

    private static TinyModel Means(TinyModel model, string name) => model.Op("ReduceMean", name, [model.Last], Places);

    private static TinyModel Constants(TinyModel model) =>
        model.Initializer("tiny", [1], 1e-6f).Initializer("power", [1], 3f).Initializer("root", [1], 1 / 3f);
}
