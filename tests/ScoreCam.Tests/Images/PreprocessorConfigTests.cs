using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Images;

public class PreprocessorConfigTests
{
    private const string HalfNorm = """
        "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
        """;

    private static readonly Preprocessing Half = new() { Mean = new(0.5f), Std = new(0.5f) };

    public static TheoryData<string, Preprocessing> Configurations => new()
    {
        // ViT
        { """ "do_resize": true, "resample": 2, "size": 224 """, Half with { Width = 224, Height = 224 } },
        {
            """ "size": {"height": 192, "width": 256}, "resample": 3 """,
            Half with { Width = 256, Height = 192, Filter = ResampleFilter.Bicubic }
        },

        // CLIP, old and new
        { """ "size": 224, "crop_size": 224, "resample": 3 """, Crop(224, 224, ResampleFilter.Bicubic) },
        { """ "size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224} """, Crop(256, 224) },
        { """ "size": {"shortest_edge": 256}, "crop_size": 224 """, Crop(256, 224) },
        {
            """ "size": {"shortest_edge": 256}, "crop_size": 224, "do_center_crop": false """,
            Half with { Fit = Fit.CenterCrop, ShortestEdge = 256 }
        },

        // ConvNeXT and ResNet
        { """ "size": 224, "crop_pct": 0.875 """, Crop(256, 224) },
        { ConvNext("""{"shortest_edge": 224}""", "null"), Crop(256, 224) },
        { ConvNext("""{"shortest_edge": 384}""", "0.875"), Half with { Width = 384, Height = 384 } },

        // PoolFormer, LeViT
        { """ "size": {"shortest_edge": 224}, "crop_pct": 0.9, "crop_size": 224 """, Crop(248, 224) },
        {
            """ "size": {"shortest_edge": 224}, "crop_size": 224, "feature_extractor_type": "LevitFeatureExtractor" """,
            Crop(256, 224)
        },

        // DETR and others with a longest edge. Padding without a size does nothing to a single picture.
        {
            """ "size": {"shortest_edge": 800, "longest_edge": 1333}, "do_pad": true """,
            Half with { Fit = Fit.CenterCrop, ShortestEdge = 800, LongestEdge = 1333 }
        },
        {
            """ "size": {"shortest_edge": 256, "longest_edge": null}, "crop_size": 224 """,
            Crop(256, 224)
        },
        { """ "size": {"longest_edge": 512} """, Half with { Fit = Fit.Letterbox, LongestEdge = 512 } },

        // Every filter of Pillow
        { """ "size": 8, "resample": 0 """, Half with { Width = 8, Height = 8, Filter = ResampleFilter.Nearest } },
        { """ "size": 8, "resample": 1 """, Half with { Width = 8, Height = 8, Filter = ResampleFilter.Lanczos } },
        { """ "size": 8, "resample": 4 """, Half with { Width = 8, Height = 8, Filter = ResampleFilter.Box } },
        { """ "size": 8, "resample": 5 """, Half with { Width = 8, Height = 8, Filter = ResampleFilter.Hamming } },

        { """ "do_resize": false, "do_rescale": false """, Half with { Scale = 1 } },
        { """ "size": 32, "rescale_factor": 0.5 """, Half with { Width = 32, Height = 32, Scale = 0.5f } },
        {
            """ "size": {"height": 64, "width": 64}, "crop_size": {"height": 64, "width": 64} """,
            Half with { Width = 64, Height = 64 }
        },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configurations_of_Hugging_Face_are_read(string fields, Preprocessing expected) =>
        Preprocessing.FromJson("{" + HalfNorm + "," + fields + "}").Should().Be(expected);

    [Fact]
    public void MobileViT_is_blue_green_red_and_not_normalised()
    {
        Preprocessing expected = new()
        {
            Order = ChannelOrder.Bgr,
            Fit = Fit.CenterCrop,
            ShortestEdge = 288,
            Width = 256,
            Height = 256,
        };
        const string Json = """
            {"size": {"shortest_edge": 288}, "crop_size": 256, "do_flip_channel_order": true, "resample": 2}
            """;
        Preprocessing.FromJson(Json).Should().Be(expected);
    }

    public static TheoryData<string, Preprocessing> TimmConfigurations => new()
    {
        {
            """ "input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.95, "crop_mode": "center" """,
            Crop(235, 224, ResampleFilter.Bicubic)
        },
        { """ "input_size": [3, 224, 224] """, Crop(256, 224) },
        {
            """ "input_size": [3, 384, 256], "interpolation": "lanczos", "crop_pct": 1.0, "crop_mode": "squash" """,
            Half with { Width = 256, Height = 384, Filter = ResampleFilter.Lanczos }
        },
    };

    [Theory]
    [MemberData(nameof(TimmConfigurations))]
    public void Timm_configurations_are_read(string fields, Preprocessing expected) =>
        Preprocessing.FromJson(Timm($$"""{{fields}}, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]"""))
            .Should().Be(expected);

    [Fact]
    public void Timm_without_statistics_uses_those_of_ImageNet() =>
        Preprocessing.FromJson(Timm(""" "input_size": [3, 224, 224] """))
            .Should().Be(Crop(256, 224) with { Mean = Preprocessing.Imagenet.Mean, Std = Preprocessing.Imagenet.Std });

    [Theory]
    [InlineData(""" "input_size": [3, 224, 224], "interpolation": "area" """, "*\"interpolation\" is \"area\"*")]
    [InlineData(""" "input_size": [3, 224, 192] """, "*\"input_size\" is 224 × 192, which is not square*")]
    [InlineData(""" "input_size": [3, 224, 224], "crop_mode": "border" """, "*\"crop_mode\" is \"border\"*")]
    [InlineData(""" "input_size": [3, 224, 224], "crop_pct": 7 """, "*\"crop_pct\" is 7*")]
    [InlineData(""" "input_size": [224, 224] """, "*\"input_size\" is*[channels, height, width] is expected*")]
    [InlineData(""" "crop_pct": 1 """, "*pretrained_cfg: \"input_size\" is missing*")]
    [InlineData(""" "input_size": [3, 224, 224], "std": 0 """, "*\"std\" is*positive*")]
    public void Unsupported_fields_of_timm_are_refused(string fields, string message) =>
        FluentActions.Invoking(() => Preprocessing.FromJson(Timm(fields)))
            .Should().Throw<InvalidDataException>().WithMessage(message);

    [Fact]
    public void Teachable_Machine_crops_the_centre_and_scales_to_minus_one_to_one()
    {
        const string Json = """{"tfjsVersion": "1.3.1", "labels": ["a", "b"], "imageSize": 224}""";
        Preprocessing.FromJson(Json).Should().Be(Half with
        {
            Fit = Fit.CenterCrop,
            Filter = ResampleFilter.Lanczos,
            Width = 224,
            Height = 224,
        });
    }

    [Fact]
    public void Mean_and_deviation_may_be_one_number() =>
        Preprocessing.FromJson("""{"size": 28, "image_mean": [0.1307], "image_std": 0.3081}""")
            .Should().Be(new Preprocessing { Width = 28, Height = 28, Mean = new(0.1307f), Std = new(0.3081f) });

    [Fact]
    public void The_file_of_the_small_model_is_read()
    {
        Preprocessing read = Preprocessing.Load(SharedData.Require("demo-model", "preprocessor_config.json"));
        read.Should().Be(Preprocessing.Imagenet with { Width = 128, Height = 128, Scale = (float)0.00392156862745098 });
    }

    [Theory]
    [InlineData(""" "size": 224, "resample": 6 """, "*\"resample\" is 6, but 0 to 5 are Pillow's filters*")]
    [InlineData(""" "size": 224, "resample": "bicubic" """, "*\"resample\" is \"bicubic\", but a whole number*")]
    [InlineData(""" "size": "big" """, "*\"size\" is \"big\"*")]
    [InlineData(""" "size": -3 """, "*\"size\" is -3*")]
    [InlineData(""" "size": 2000000000 """, "*\"size\" is 2000000000*")]
    [InlineData(""" "size": {"height": 3.5, "width": 2} """, "*\"size.height\" is 3.5*")]
    [InlineData(""" "size": {"max_height": 800} """, "*\"size\" is *")]
    [InlineData(""" "size": {"longest_edge": 512}, "crop_size": 224 """, "*\"crop_size\" is given together*")]
    [InlineData(
        """ "size": {"longest_edge": 512}, "do_pad": true, "pad_size": 512 """, "*\"do_pad\" is true with pad_size*")]
    [InlineData(""" "do_resize": true """, "*\"size\" is missing*")]
    [InlineData(""" "size": 224, "do_resize": "yes" """, "*\"do_resize\" is \"yes\"*true or false*")]
    [InlineData(""" "size": 224, "do_pad": true """, "*\"do_pad\" is true*")]
    [InlineData(""" "size": 224, "crop_pct": 0 """, "*\"crop_pct\" is 0*")]
    [InlineData(""" "size": 224, "rescale_factor": 1e300 """, "*\"rescale_factor\" is 1e300*")]
    [InlineData(""" "size": 224, "image_std": [1, 0, 1] """, "*\"image_std\" is *positive*")]
    [InlineData(""" "size": 224, "image_mean": [1, 0] """, "*\"image_mean\" is *one or three*")]
    [InlineData(""" "size": 224, "image_mean": [1, "x", 0] """, "*\"image_mean\" is \"x\"*")]
    [InlineData(""" "do_resize": false, "do_center_crop": true """, "*\"do_center_crop\" is *")]
    [InlineData(
        """ "size": {"height": 256, "width": 256}, "crop_size": 224 """,
        "*\"crop_size\" is 224 × 224 after stretching to 256 × 256*")]
    [InlineData(
        """ "size": 256, "crop_size": 224, "feature_extractor_type": "DeiTFeatureExtractor" """,
        "*\"crop_size\" is 224 × 224 after stretching*")]
    public void Unsupported_fields_are_refused_by_name(string fields, string message) =>
        FluentActions.Invoking(() => Preprocessing.FromJson("{" + HalfNorm + "," + fields + "}"))
            .Should().Throw<InvalidDataException>().WithMessage(message);

    [Theory]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("{\"size\": ")]
    [InlineData("null")]
    [InlineData("{\"size\": 224, \"image_processor_type\": \"\\ud800\"}")]
    [InlineData("\ud800")]
    public void Other_text_is_refused(string json) =>
        FluentActions.Invoking(() => Preprocessing.FromJson(json)).Should().Throw<InvalidDataException>();

    [Fact]
    public void A_missing_mean_is_not_guessed() =>
        FluentActions.Invoking(() => Preprocessing.FromJson("""{"size": 224}"""))
            .Should().Throw<InvalidDataException>().WithMessage("*\"image_mean\" is missing*");

    [Fact]
    public void Files_are_named_in_errors()
    {
        FluentActions.Invoking(() => Preprocessing.Load("no-such.json"))
            .Should().Throw<FileNotFoundException>().WithMessage("*no-such.json*");
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"size": []}""");
            FluentActions.Invoking(() => Preprocessing.Load(path))
                .Should().Throw<InvalidDataException>().WithMessage($"*{path}*image_mean*");
            File.WriteAllText(path, new string(' ', (16 << 20) + 1));
            FluentActions.Invoking(() => Preprocessing.Load(path))
                .Should().Throw<InvalidDataException>().WithMessage($"*{path}*16777217 bytes*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string ConvNext(string size, string share) =>
        $$""" "size": {{size}}, "crop_pct": {{share}}, "image_processor_type": "ConvNextImageProcessor" """;

    private static string Timm(string fields) => $$"""{"architecture": "x", "pretrained_cfg": {{{fields}}} }""";

    private static Preprocessing Crop(int edge, int size, ResampleFilter filter = ResampleFilter.Bilinear) =>
        Half with { Fit = Fit.CenterCrop, ShortestEdge = edge, Width = size, Height = size, Filter = filter };
}
