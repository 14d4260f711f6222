using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Images;

public sealed class SidecarsTests : IDisposable
{
    private const string Timm = """
        {
          "architecture": "resnet18", "num_classes": 5,
          "label_names": ["n01", "n02", "n03", "n04", "n05"],
          "label_descriptions": {"n01": "a", "n02": "b", "n03": "c", "n04": "d", "n05": "e"},
          "pretrained_cfg": {
            "input_size": [3, 8, 8], "interpolation": "bicubic", "crop_pct": 0.8, "crop_mode": "center",
            "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]
          }
        }
        """;

    private const string TeachableMachine =
        """{"tfjsVersion": "1.3.1", "tmVersion": "2.4.5", "labels": ["p", "q", "r", "s", "t"], "imageSize": 8}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sidecars_are_empty_without_files() => Read().Should().Be(new Sidecars());

    [Fact]
    public void A_timm_configuration_states_preprocessing_and_names()
    {
        _folder.File("config.json", Timm);
        using ImageModel model = Load();
        model.Preprocessing.Should().Be(new Preprocessing
        {
            Mean = new(0.5f),
            Std = new(0.25f),
            Fit = Fit.CenterCrop,
            ShortestEdge = 10,
            Width = 8,
            Height = 8,
            Filter = ResampleFilter.Bicubic,
        });
        Names(model).Should().Equal("a", "b", "c", "d", "e");
        model.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Teachable_Machine_states_preprocessing_and_names()
    {
        _folder.File("metadata.json", TeachableMachine);
        using ImageModel model = Load();
        model.Preprocessing.Should().Be(Preprocessing.Inception with
        {
            Fit = Fit.CenterCrop,
            Filter = ResampleFilter.Lanczos,
            Width = 8,
            Height = 8,
        });
        Names(model).Should().Equal("p", "q", "r", "s", "t");
    }

    [Theory]
    [InlineData("0 u\n1 v\n2 w\n3 x\n4 y")]
    [InlineData("u\nv\nw\nx\ny\n")]
    public void A_label_file_beside_the_model_is_read(string text)
    {
        _folder.File("labels.txt", text);
        using ImageModel model = Load();
        Names(model).Should().Equal("u", "v", "w", "x", "y");
    }

    [Fact]
    public void A_label_file_of_another_network_is_refused_by_name()
    {
        _folder.File("labels.txt", "u\nv");
        FluentActions.Invoking(() => Load().Dispose())
            .Should().Throw<InvalidDataException>().WithMessage("*labels.txt' names 2 classes, and the network has 5*");
    }

    [Fact]
    public void The_first_file_that_states_a_fact_is_used()
    {
        _folder.File("labels.txt", "u\nv\nw\nx\ny");
        _folder.File("metadata.json", TeachableMachine);
        Read().Names.Should().StartWith("p");
        _folder.File("config.json", Timm);
        (Read().Names![0], Read().Preprocessing!.ShortestEdge).Should().Be(("a", 10));
        _folder.File("preprocessor_config.json", """{"do_resize": false, "do_normalize": false}""");
        (Read().Names![0], Read().Preprocessing).Should().Be(("a", Preprocessing.Unit));
        _folder.File("config.json", """{"model_type": "resnet"}""");
        (Read().Names![0], Read().Preprocessing).Should().Be(("p", Preprocessing.Unit));
    }

    [Fact]
    public void A_metadata_file_of_another_kind_is_ignored()
    {
        _folder.File("metadata.json", "[not JSON");
        Read().Should().Be(new Sidecars());
        _folder.File("metadata.json", """{"labels": ["p", "q"]}""");
        Read().Should().Be(new Sidecars());
    }

    [Fact]
    public void A_file_that_is_not_needed_is_not_read()
    {
        _folder.File("config.json", "damaged");
        _folder.File("preprocessor_config.json", "damaged");
        FluentActions.Invoking(() => Read()).Should().Throw<InvalidDataException>();
        Sidecars.Read([_folder.Path], 1 << 20, "limit", needsPreprocessing: false, needsNames: false)
            .Should().Be(new Sidecars());
        ModelOptions options = new() { Preprocessing = Preprocessing.Unit, Labels = new(["a", "b", "c", "d", "e"]) };
        Load(options).Dispose();
    }

    private Sidecars Read() => Sidecars.Read([_folder.Path], 1 << 20, "limit", true, true);

    private ImageModel Load(ModelOptions? options = null)
    {
        File.WriteAllBytes(_folder.File("model.onnx"), Tiny.PoolAndGemm().ToBytes());
        return ImageModel.Load(_folder.Path, options);
    }

    private static IEnumerable<string> Names(ImageModel model) =>
        Enumerable.Range(0, model.Classes.Count).Select(i => model.Classes[i]);
}
