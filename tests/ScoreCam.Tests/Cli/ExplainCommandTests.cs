using System.Text.Json;
using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Rendering;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class ExplainCommandTests
{
    [Fact]
    public async Task The_embedded_photograph_is_classified_as_a_cat()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("explain", "--out", folder.File("why.png"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Output.Should().Contain("cat (3), probability 0.9").And.Contain("128 channels of 8 × 8").And.Contain(
            folder.File("why.png")).And.NotContain("\u001b");
        RgbImage picture = SkiaImage.Load(folder.File("why.png"));
        (picture.Width, picture.Height).Should().Be((451, 300));
    }

    [Fact]
    public async Task Writes_the_documented_json_and_the_same_maps_as_npy()
    {
        using TemporaryFolder folder = new();
        string tensor = CommandRun.Tensor(folder, "x.npy", 2, 3, 128, 128);
        const string second = "/layer3/layer3.1/Relu_1_output_0", first = "/layer2/layer2.1/Relu_1_output_0";
        CommandRun run = await CommandRun.Of(
            "explain", "--tensor", tensor, "--class", "cat", "--class", "6", "--top", "1", "--layer", first, second,
            "--json", folder.File("a.json"), "--map", folder.File("a.npy"), "--out", folder.File("out"));
        run.ExitCode.Should().Be(0, run.Error);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement root = json.RootElement;
        Members(root).Should().Equal("model", "modelSha256", "version", "method", "preset", "maskFill", "signed",
            "flipAveraging", "twoSided", "sampling", "runs");
        root.GetProperty("model").GetString().Should().Be("everyday20");
        root.GetProperty("modelSha256").GetString().Should().MatchRegex("^[0-9a-f]{64}$");
        root.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        root.GetProperty("preset").GetString().Should().Be("paper");

        JsonElement[] runs = [.. root.GetProperty("runs").EnumerateArray()];
        runs.Select(r => r.GetProperty("layer").GetString()).Should().Equal(first, second, first, second);
        runs.Select(r => r.GetProperty("image").GetString()).Should()
            .Equal($"{tensor}[0]", $"{tensor}[0]", $"{tensor}[1]", $"{tensor}[1]");
        Members(runs[0]).Should()
            .Equal("image", "layer", "channels", "deadChannels", "passes", "gradientPasses", "elapsedSeconds",
            "warnings", "explanations");
        runs[1].GetProperty("channels").GetInt32().Should().Be(128);
        runs[1].GetProperty("deadChannels").GetInt32().Should().BeInRange(0, 128);
        runs[1].GetProperty("elapsedSeconds").GetDouble().Should().BePositive();

        JsonElement[] explanations = [.. runs[1].GetProperty("explanations").EnumerateArray()];
        explanations.Should().HaveCount(3);
        Members(explanations[0]).Should()
            .Equal("classIndex", "className", "logit", "probability", "map", "rawMap", "channelScores",
            "channelWeights", "predictedChannels", "estimatedError", "completenessError");
        explanations.Take(2).Select(e => e.GetProperty("classIndex").GetInt32()).Should().Equal(3, 6);
        explanations.Take(2).Select(e => e.GetProperty("className").GetString()).Should().Equal("cat", "cup");
        Members(explanations[0].GetProperty("map")).Should().Equal("width", "height", "values");
        Floats(explanations[0], "rawMap").Should().HaveCount(64);
        explanations[0].GetProperty("channelScores").GetArrayLength().Should().Be(128);
        explanations[0].GetProperty("channelWeights").EnumerateArray().Sum(w => w.GetDouble()).Should()
            .BeApproximately(1, 1e-4);

        NpyArray maps = NpyArray.Load(folder.File("a.npy"));
        maps.Shape.Should().Equal(4, 3, 128, 128);
        maps.Values.ToArray().Should()
            .Equal(runs.SelectMany(r => r.GetProperty("explanations").EnumerateArray())
            .SelectMany(e => Floats(e, "map")), "the JSON keeps every float exactly");
        folder.Names().Where(name => name.EndsWith(".png", StringComparison.Ordinal)).Should()
            .HaveCount(12).And.Contain(Path.Combine("out", "x-1-cat-layer3_layer3.1_Relu_1_output_0.png"));
    }

    [Fact]
    public async Task A_figure_has_a_row_for_every_map()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("explain", "--class", "cat", "dog", "--out", folder.File("out"),
            "--figure", folder.File("figure.png"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain(folder.File("figure.png"));
        RgbImage figure = SkiaImage.Load(folder.File("figure.png"));
        // The figure has two rows of three panels with margins. Each panel shows 451 × 300 pixels at a height of 320.
        figure.Width.Should().BeInRange(3 * 481, (3 * 481) + 100);
        figure.Height.Should().BeInRange(2 * 380, (2 * 380) + 160);
        folder.Names().Should().HaveCount(4);

        CommandRun jpeg = await CommandRun.Of("explain", "--figure", folder.File("figure.jpg"), "--out",
            folder.File("a.png"));
        (jpeg.ExitCode, jpeg.Error).Should()
            .Be((ExitCodes.UserMistake,
            $"scorecam: --figure writes a PNG file, not '{folder.File("figure.jpg")}'{Environment.NewLine}"));
        CommandRun same = await CommandRun.Of("explain", "--figure", folder.File("a.png"), "--out",
            folder.File("a.png"));
        same.Error.Should().Contain("different files");
        CommandRun many = await CommandRun.Of("explain", "--top", "51", "--figure", folder.File("b.png"), "--out",
            folder.File("out"));
        many.Error.Should().Contain("at most 50 maps, and 51");
    }

    [Fact]
    public async Task Fill_signed_flip_and_two_sided_match_the_library_options()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of(
            "explain", "--class", "dog", "--preset", "increase-of-confidence", "--fill", "#204060", "--signed",
            "--flip", "--two-sided", "--max-passes", "20", "--json", folder.File("a.json"), "--out",
            folder.File("a.png"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        (json.RootElement.GetProperty("maskFill").GetString(), json.RootElement.GetProperty("signed").GetBoolean())
            .Should().Be(("#204060", true));

        using ImageModel model = ImageModel.Load(Path.Combine(SharedFolder.Repository, "models", "everyday20"));
        ScoreCamOptions options = new()
        {
            Preset = ScoreCamPreset.IncreaseOfConfidence,
            MaskFill = MaskFill.Color(0x20, 0x40, 0x60),
            Signed = true,
            FlipAveraging = true,
            TwoSided = true,
            Sampling = ChannelSampling.Adaptive(maxPasses: 20),
        };
        Explanation expected = new ScoreCamExplainer(model, options)
            .Explain(SkiaImage.Load(Path.Combine(SharedFolder.Repository, "photos", "chelsea.png")),
            Target.Class("dog"), cancellationToken: TestContext.Current.CancellationToken);
        Floats(json.RootElement.GetProperty("runs")[0].GetProperty("explanations")[0], "map").Should()
            .Equal(expected.Map.Values.ToArray());
    }

    [Theory]
    [InlineData("gray")]
    [InlineData("#12345")]
    [InlineData("#12345g")]
    public async Task An_undefined_fill_is_refused(string fill)
    {
        CommandRun run = await CommandRun.Of("explain", "--fill", fill);
        (run.ExitCode, run.Error).Should()
            .Be((ExitCodes.UserMistake,
            $"scorecam: --fill takes zero, blurred or a colour as #808080, not '{fill}'; see scorecam explain "
            + $"--help{Environment.NewLine}"));
    }

    [Fact]
    public async Task Channels_that_a_preset_skips_have_no_score()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("explain", "--preset", "official", "--json", folder.File("a.json"),
            "--out", folder.File("a.png"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement only = json.RootElement.GetProperty("runs")[0];
        int dead = only.GetProperty("deadChannels").GetInt32();
        dead.Should().BePositive();
        only.GetProperty("explanations")[0].GetProperty("channelScores").EnumerateArray()
            .Count(score => score.ValueKind == JsonValueKind.Null).Should().Be(dead);
    }

    [Fact]
    public async Task Maps_of_different_sizes_are_refused_in_one_array()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of(
            "explain", "--preset", "torch-cam", "--layer", "/layer3/layer3.1/Relu_1_output_0",
            "/layer2/layer2.1/Relu_1_output_0", "--map", folder.File("a.npy"), "--out", folder.File("out"));
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("gave 16 × 16, those before 8 × 8");
        File.Exists(folder.File("a.npy")).Should().BeFalse();
    }

    [Fact]
    public async Task The_map_of_a_tensor_is_drawn_without_a_picture()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("explain", "--tensor",
            CommandRun.Tensor(folder, "x.npy", 1, 3, 128, 128), "--class", "cat", "--map", folder.File("m.npy"),
            "--out", folder.File("m.png"));
        run.ExitCode.Should().Be(0, run.Error);
        RgbImage picture = SkiaImage.Load(folder.File("m.png"));
        float[] map = NpyArray.Load(folder.File("m.npy")).Values.ToArray();
        int brightest = Array.IndexOf(map, map.Max()), darkest = Array.IndexOf(map, map.Min());
        picture.Pixels.Slice(3 * brightest, 3).ToArray().Should().Equal(Colors(1));
        picture.Pixels.Slice(3 * darkest, 3).ToArray().Should().Equal(Colors(0));
    }

    [Fact]
    public async Task A_tensor_is_used_without_preprocessing()
    {
        string goldenFolder = Path.Combine(SharedData.Repository, "tests", "golden", "everyday20");
        string input = Path.Combine(goldenFolder, "input.npy");
        NpyArray golden = NpyArray.Load(Path.Combine(goldenFolder, "logits.npy"));
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("explain", "--tensor", input, "--class", "3", "--json",
            folder.File("a.json"), "--out", folder.File("out"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        float[] logits = [.. json.RootElement.GetProperty("runs").EnumerateArray()
            .Select(r => r.GetProperty("explanations")[0].GetProperty("logit").GetSingle())];
        logits.Should().HaveCount(golden.Shape[0]);
        for (int i = 0; i < logits.Length; i++)
            logits[i].Should().BeApproximately(golden.Values[(i * 20) + 3], 1e-3f);
    }

    private static byte[] Colors(float value)
    {
        (byte red, byte green, byte blue) = Colormap.Turbo.Map(value);
        return [red, green, blue];
    }

    private static IEnumerable<string> Members(JsonElement element) =>
        element.EnumerateObject().Select(member => member.Name);

    private static IEnumerable<float> Floats(JsonElement explanation, string map) =>
        explanation.GetProperty(map).GetProperty("values").EnumerateArray().Select(value => value.GetSingle());
}
