using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// Small networks in situations that users report, from tests/golden/field. Each is explained correctly, or the model
/// reports what it assumed. The maps are from a separate PyTorch Score-CAM.
/// </summary>
public class FieldTests
{
    private static readonly ModelOptions Known = new() { Preprocessing = Preprocessing.Imagenet };

    [Theory]
    [InlineData("attnpool", "attnpool", "/f/net/net.11/Relu_output_0")]
    [InlineData("windows", "windows", "/mid/Reshape_5_output_0")]
    [InlineData("gem_pooling", "gem_pooling", "/f/net/net.11/Relu_output_0")]
    [InlineData("sigmoid_written_out", "sigmoid", "/f/net/net.11/Relu_output_0")]
    [InlineData("sigmoid_clip", "sigmoid", "/b/f/net/net.11/Relu_output_0")]
    public void The_maps_of_both_shapes_are_those_of_a_separate_program(string file, string maps, string layer)
    {
        using ImageModel model = Load(file, Known);
        model.DefaultLayer.Name.Should().Be(layer);
        (model.DefaultLayer.Channels, model.DefaultLayer.Height, model.DefaultLayer.Width).Should().Be((64, 8, 8));
        model.Warnings.Should().BeEmpty();
        foreach (int target in new[] { 2, 4 })
        {
            Explanation why = model.Explain(Duo(), Target.Class(target));
            float[] expected = NpyArray.Load(Path.Combine(Folder, $"{maps}.{target}.npy")).Values.ToArray();
            NpyRows.LargestDifference(why.Map.Values, expected).Should().BeLessThan(5e-3f);
            why.Warnings.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("sigmoid_written_out")]
    [InlineData("sigmoid_clip")]
    public void The_probability_is_the_networks_own(string file)
    {
        using ImageModel model = Load(file, Known);
        model.ScoreKind.Should().Be(ScoreKind.Sigmoid);
        // 0.981 is the network's own answer for the triangle, by the data folder's README.
        model.Predict(Duo()).Probabilities[2].Should().BeApproximately(0.981f, 1e-3f);
    }

    [Fact]
    public void The_default_layer_is_the_tokens_of_the_last_block_and_a_tensor_of_heads_is_refused()
    {
        using ImageModel model = Load("vit_heads", Known);
        LayerInfo layer = model.DefaultLayer;
        (layer.Name, layer.Channels, layer.Height, layer.Width, layer.PrefixTokens)
            .Should().Be(("/b/b.1/n1/Add_1_output_0", 32, 8, 8, 1));
        model.Layers.Should().OnlyContain(other => other.Height == 8 && other.Width == 8);
        FluentActions.Invoking(() => model.Explain(Duo(), options: new() { Layers = ["/b/b.1/MatMul_1_output_0"] }))
            .Should().Throw<UnsupportedModelException>().WithMessage("*[1, 4, 65, 8]*rows and columns*");
    }

    [Fact]
    public void An_auxiliary_head_that_comes_first_is_not_explained()
    {
        using ImageModel model = Load("aux_first", Known), named =
            Load("aux_first", Known with { Output = "aux_logits" });
        (model.ScoreTensor, model.DefaultLayer.Name).Should().Be(("logits", "/net.11/Relu_output_0"));
        model.Warnings.Should().BeEmpty("its name shows that the other output is auxiliary");
        (named.ScoreTensor, named.DefaultLayer.Name).Should().Be(("aux_logits", "/net.8/Relu_output_0"));
    }

    [Fact]
    public void One_of_two_tasks_is_explained_and_a_warning_names_both()
    {
        using ImageModel model = Load("multitask", Known), shape = Load("multitask", Known with { Output = "shape" });
        model.Warnings.Should().ContainSingle().Which.Should()
            .Contain("'colour' [?, 3], 'shape' [?, 5]").And.Contain("ModelOptions.Output");
        model.Explain(Duo(), Target.Predicted).Warnings.Should().Equal(model.Warnings);
        shape.Warnings.Should().BeEmpty();
        shape.Classes.Count.Should().Be(5);
    }

    [Fact]
    public void A_regression_network_has_a_value_and_no_probability()
    {
        using ImageModel model = Load("regress", Known);
        (model.ScoreKind, model.Classes.Count).Should().Be((ScoreKind.Value, 1));
        model.Warnings.Should().ContainSingle().Which.Should().Contain("one number without a sigmoid");
        Explanation why = model.Explain(Duo(), Target.Predicted);
        why.Probability.Should().BeNull();
        // The network computes 37 + 8 · (logit of the ring).
        float ring = Networks.Run(File.ReadAllBytes(Path.Combine(Folder, "regress.onnx")), Duo(),
            "/b/fc/Gemm_output_0")[4];
        why.Logit.Should().BeApproximately(37 + (8 * ring), 1e-3f);
    }

    [Fact]
    public void A_network_in_training_mode_is_run_one_picture_at_a_time()
    {
        using ImageModel model = Load("train_bn", Known with { BatchSize = 8 });
        model.Network.Pool.BatchSize.Should().Be(1);
        model.Warnings.Should().HaveCount(2).And.Contain(w => w.Contains("BatchNormalization")
            && w.Contains("training mode"))
            .And.Contain(w => w.Contains("Dropout"));
    }

    [Fact]
    public void Local_functions_are_inlined()
    {
        using ImageModel model = Load("functions_net", Known);
        (model.DefaultLayer.Name, model.DefaultLayer.Channels, model.DefaultLayer.Height).Should().Be(("s3", 64, 8));
        model.Layers.Should().HaveCount(8, "four convolutions and their activations");
        // The same network without functions.
        using ImageModel plain = Load("ultralytics_metadata", Known);
        NpyRows.LargestDifference(model.Predict(Duo()).Logits, plain.Predict(Duo()).Logits).Should().BeLessThan(1e-4f);
        Explanation why = model.Explain(Duo()), expected = plain.Explain(Duo());
        why.Map.DifferenceTo(expected.Map).Should().BeLessThan(1e-4f);
        why.ModelSha256.Should().Be(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder,
                "functions_net.onnx")))), "it is the hash of the file");
    }

    [Fact]
    public void A_picture_for_a_network_of_free_size_has_a_limited_or_the_given_size()
    {
        var picture = new RgbImage(4000, 3000, new byte[4000 * 3000 * 3]);
        using ImageModel free = Load("dynhw", Known), given = Load("dynhw", Sized(96, 64));
        free.Warnings.Should().ContainSingle().Which.Should()
            .Contain("512 pixels").And.Contain("Preprocessing.Width and Height");
        (free.Prepare(picture).Width, free.Prepare(picture).Height).Should().Be((512, 384));
        var small = new RgbImage(100, 50, new byte[100 * 50 * 3]);
        (free.Prepare(small).Width, free.Prepare(small).Height).Should()
            .Be((100, 50), "it is not larger than the limit");
        given.Warnings.Should().BeEmpty();
        (given.Prepare(picture).Width, given.Prepare(picture).Height).Should().Be((96, 64));
        free.Explain(Duo()).Warnings.Should().BeEmpty("a tensor already has its size");
    }

    [Fact]
    public void Custom_Vision_metadata_gives_names_and_bytes_in_BGR()
    {
        using ImageModel model = Load("customvision");
        Names(model).Should().Equal("circle", "square", "triangle", "cross", "ring");
        (model.Preprocessing.Scale, model.Preprocessing.Order, model.Preprocessing.Mean).Should()
            .Be((1f, ChannelOrder.Bgr, default));
        model.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Ultralytics_metadata_gives_names_a_range_of_0_to_1_and_a_centre_crop()
    {
        using ImageModel model = Load("ultralytics_metadata");
        Names(model).Should().Equal("circle", "square", "triangle", "cross", "ring");
        model.Preprocessing.Should().Be(Preprocessing.Unit with { Fit = Fit.CenterCrop });
        model.Warnings.Should().BeEmpty();
    }

    private static ModelOptions Sized(int width, int height) =>
        Known with { ConfigurePreprocessing = found => found with { Width = width, Height = height } };

    private static string Folder => Path.Combine(SharedData.Repository, "tests", "golden", "field");

    private static ImageModel Load(string file, ModelOptions? options = null) =>
        ImageModel.Load(Path.Combine(Folder, file + ".onnx"), options);

    private static PreparedImage Duo() =>
        PreparedImage.FromTensor(NpyArray.Load(Path.Combine(Folder, "duo.npy")).Values.ToArray(), 3, 64, 64);

    private static IEnumerable<string> Names(ImageModel model) => Enumerable.Range(0, model.Classes.Count)
        .Select(i => model.Classes[i]);
}
