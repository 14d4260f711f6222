using System.Numerics;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// The ways to load a model, the files that are found beside it, and the number of sessions that it opens.
/// </summary>
public sealed class ImageModelLoadTests : IDisposable
{
    private const string Config = """{"id2label": {"0": "ant", "1": "bee", "2": "cat", "3": "dog", "4": "elk"}}""";
    private const string Preprocessor = """
        {"size": {"height": 24, "width": 20}, "do_resize": true, "do_normalize": true,
        "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25], "resample": 3}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_bytes_and_a_stream_give_the_same_model()
    {
        byte[] network = Networks.Logits();
        File.WriteAllBytes(_folder.File("tiny.onnx"), network);
        using var stream = new MemoryStream(network);
        using ImageModel path = ImageModel.Load(_folder.File("tiny.onnx")), bytes = ImageModel.Load(network),
            streamed = ImageModel.Load(stream);

        path.Name.Should().Be("tiny.onnx");
        stream.CanRead.Should().BeTrue("the stream stays open");
        foreach (ImageModel model in new[] { path, streamed })
        {
            model.Sha256.Should().Be(bytes.Sha256);
            model.Predict(Networks.Picture()).Logits.ToArray().Should()
                .Equal(bytes.Predict(Networks.Picture()).Logits.ToArray());
        }
    }

    [Theory]
    [InlineData("model.onnx", "")]
    [InlineData("anything.onnx", "")]
    [InlineData("model.onnx", "onnx")]
    public void A_folder_contains_the_model_and_its_sidecars(string file, string below)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, below));
        string path = Path.Combine(_folder.Path, below, file);
        File.WriteAllBytes(path, Networks.Logits());
        _folder.File("config.json", Config);
        _folder.File("preprocessor_config.json", Preprocessor);

        foreach (string place in new[] { _folder.Path, path })
        {
            using ImageModel model = ImageModel.Load(place);
            model.Classes[2].Should().Be("cat");
            (model.Preprocessing.Mean.X, model.Preprocessing.Std.X, model.Preprocessing.Filter).Should()
                .Be((0.5f, 0.25f, ResampleFilter.Bicubic));
            model.Explain(Networks.Picture(), Target.Class("cat")).ClassIndex.Should().Be(2);
        }
    }

    [Fact]
    public void Options_in_code_override_the_sidecars()
    {
        File.WriteAllBytes(_folder.File("model.onnx"), Networks.Logits());
        _folder.File("config.json", Config);
        _folder.File("preprocessor_config.json", Preprocessor);
        using ImageModel model =
            ImageModel.Load(_folder.Path,
            new() { Labels = new(["1st", "2nd", "3rd", "4th", "5th"]), Preprocessing = Preprocessing.Caffe });
        model.Classes[0].Should().Be("1st");
        model.Preprocessing.Should().Be(Preprocessing.Caffe);

        using ImageModel bare = ImageModel.Load(Networks.Logits());
        bare.Classes[4].Should().Be("class 4");
        bare.Preprocessing.Should().Be(Preprocessing.Imagenet);
    }

    [Fact]
    public void ConfigurePreprocessing_changes_a_part_and_keeps_the_rest()
    {
        File.WriteAllBytes(_folder.File("model.onnx"), Networks.Logits());
        _folder.File("preprocessor_config.json", Preprocessor);
        using ImageModel found = ImageModel.Load(_folder.Path);
        ModelOptions options = new()
        {
            ConfigurePreprocessing = p =>
            p with { Fit = Fit.Letterbox, PadColor = p.PadColor + new Vector3(1) }
        };

        using ImageModel changed = ImageModel.Load(_folder.Path, options);

        Preprocessing expected = found.Preprocessing with { Fit = Fit.Letterbox, PadColor = new(1) };
        changed.Preprocessing.Should().Be(expected);
        using ImageModel sameNetwork = changed.WithBytes(Networks.Logits());
        sameNetwork.Preprocessing.Should().Be(expected, "the change is not applied twice");
    }

    [Fact]
    public void A_warning_says_that_mean_and_deviation_are_assumed_unless_they_are_configured()
    {
        static int Warnings(Func<Preprocessing, Preprocessing> configure)
        {
            using ImageModel model = ImageModel.Load(Networks.Logits(), new() { ConfigurePreprocessing = configure });
            RgbImage picture = new(2, 1, [1, 2, 3, 4, 5, 6]);
            return new EigenCamExplainer(model)
                .Explain(picture).Warnings.Count(warning => warning.Contains("pictures are prepared"));
        }

        Warnings(p => p).Should().Be(1);
        Warnings(p => p with { Fit = Fit.CenterCrop }).Should().Be(1);
        Warnings(p => p with { Mean = new(0.5f), Std = new(0.5f) }).Should().Be(0);
    }

    [Fact]
    public void External_weights_are_read_only_from_the_folder_of_the_model()
    {
        TinyModel model = Networks.Trunk().Output();
        TensorProto weights = model.Model.Graph.Initializer.Single(i => i.Name == "conv2.weight");
        File.WriteAllBytes(_folder.File("weights.bin"), weights.RawData.ToByteArray());
        weights.RawData = Google.Protobuf.ByteString.Empty;
        weights.ClearRawData();
        weights.DataLocation = 1;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        File.WriteAllBytes(_folder.File("model.onnx"), model.ToBytes());

        using (ImageModel loaded = ImageModel.Load(_folder.Path))
            loaded.Explain(Networks.Picture()).Map.DifferenceTo(Networks.Explain(Networks.Logits(),
                Networks.Picture()).Map).Should().BeLessThan(1e-6f);
        ((Action)(() => ImageModel.Load(model.ToBytes()))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*conv2.weight*weights.bin*path*");
        File.Delete(_folder.File("weights.bin"));
        ((Action)(() => ImageModel.Load(_folder.Path))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*weights.bin*");
        weights.ExternalData[0].Value = "../weights.bin";
        File.WriteAllBytes(_folder.File("model.onnx"), model.ToBytes());
        ((Action)(() => ImageModel.Load(_folder.Path))).Should().Throw<UnsupportedModelException>()
            .WithMessage("*outside*refuses*");
    }

    [Fact]
    public void Sessions_are_opened_when_they_are_needed_and_are_reused()
    {
        int opened = 0;
        using ImageModel model =
            ImageModel.Load(Networks.Trunk().Output(dims: [-1, Networks.Classes])
            .ToBytes(), new() { ConfigureSession = _ => opened++ });
        opened.Should().Be(2, "one session finds the shapes and is closed, and one gives scores and the default layer");
        model.Explain(Networks.Picture());
        model.Explain(Networks.Picture(8));
        model.Predict(Networks.Picture());
        opened.Should().Be(2);

        model.Explain(Networks.Picture(), options: new() { Layers = ["relu1"] });
        model.Explain(Networks.Picture(8), options: new() { Layers = ["relu1", Networks.Layer] });
        _ = model.Layers;
        opened.Should().Be(3, "another layer opens one more session, once, and the shapes are known");
    }
}
