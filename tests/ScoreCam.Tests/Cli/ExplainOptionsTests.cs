using System.CommandLine;
using System.Text.Json;
using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Rendering;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>
/// Options for methods, preprocessing and drawing. The command gives the same results as the library with the same
/// options.
/// </summary>
public class ExplainOptionsTests
{
    private const string Early = "/layer2/layer2.1/Relu_1_output_0";

    public static TheoryData<string> Methods => [.. Method.All.Concat(Method.Controls).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_method_gives_an_explanation(string method)
    {
        using TemporaryFolder folder = new();
        // A variant makes the slow methods fast.
        string name = method switch
        {
            "rise" => "rise:20",
            "mask" or "extremal-perturbation" or "integrated-gradients" or "smooth-grad" => $"{method}:4",
            _ => method,
        };
        JsonElement root = await Explain(folder, "--method", name);

        root.GetProperty("method").GetString().Should().Be(name);
        root.TryGetProperty("preset", out _).Should().Be(method == "score-cam");
        JsonElement run = root.GetProperty("runs")[0], why = run.GetProperty("explanations")[0];
        run.GetProperty("passes").GetInt32().Should().BeGreaterThanOrEqualTo(0);
        if (!Method.Parse(name).ReadsLayer)
            run.GetProperty("layer").ValueKind.Should().Be(JsonValueKind.Null);
        why.GetProperty("className").GetString().Should().Be("cat");
        bool isComplete = method is "integrated-gradients" or "full-grad";
        why.GetProperty("completenessError").ValueKind.Should()
            .Be(isComplete ? JsonValueKind.Number : JsonValueKind.Null);
        float[] map = Map(why);
        (map.Min() >= 0, map.Max()).Should().Be((true, 1f));
    }

    [Fact]
    public async Task Method_options_match_the_library_options()
    {
        using ImageModel model = ImageModel.Load(CommandRun.Everyday);
        PreparedImage cat = model.Prepare(ImageSharpImage.Load(EmbeddedDefault.Photo));
        using TemporaryFolder folder = new();

        JsonElement eigen = await Explain(folder, "--method", "eigen-cam", "--layer", Early);
        Map(eigen).Should().Equal(Values(new EigenCamExplainer(model, new() { Layers = [Early] }), cat));

        JsonElement rise = await Explain(folder, "--method", "rise:20", "--seed", "7");
        Map(rise).Should().Equal(Values(new RiseExplainer(model, new() { Masks = 20, Seed = 7 }), cat));

        JsonElement filled = await Explain(
            folder, "--method", "rise:20", "--fill", "#FF0080", "--signed", "--flip");
        filled.GetProperty("maskFill").GetString().Should().Be("#ff0080");
        RiseOptions red = new()
        {
            Masks = 20,
            MaskFill = MaskFill.Color(255, 0, 128),
            Signed = true,
            FlipAveraging = true
        };
        Map(filled).Should().Equal(Values(new RiseExplainer(model, red), cat));

        JsonElement signed = await Explain(folder, "--method", "eigen-cam", "--signed");
        (signed.GetProperty("signed").GetBoolean(), signed.TryGetProperty("maskFill", out _)).Should()
            .Be((true, false));
        Map(signed).Should().Equal(Values(new EigenCamExplainer(model, new() { Signed = true }), cat));

        JsonElement official = await Explain(folder, "--method", "score-cam:official");
        official.GetProperty("preset").GetString().Should().Be("official");
        ScoreCamOptions options = new() { Preset = ScoreCamPreset.Official };
        Map(official).Should().Equal(Values(new ScoreCamExplainer(model, options), cat));
    }

    [Fact]
    public async Task Options_change_parts_of_the_preprocessing()
    {
        using ImageModel model = ImageModel.Load(CommandRun.Everyday);
        Preprocessing changed = model.Preprocessing with
        {
            Fit = Fit.CenterCrop,
            ShortestEdge = 140,
            Mean = new(0.5f, 0.4f, 0.3f),
            Std = new(0.25f),
        };
        PreparedImage cat = changed.Prepare(ImageSharpImage.Load(EmbeddedDefault.Photo), 3, 128, 128);
        using TemporaryFolder folder = new();

        JsonElement root = await Explain(
            folder, "--method", "eigen-cam", "--crop", "140", "--mean", "0.5, 0.4, 0.3", "--std", "0.25");

        Map(root).Should().Equal(Values(new EigenCamExplainer(model), cat));
    }

    [Theory]
    [InlineData("letterbox", "letterbox", null)]
    [InlineData("stretch", "stretch", null)]
    [InlineData("crop", "centercrop", 140)]
    public async Task Fit_keeps_the_other_preprocessing_settings(string fit, string inJson, int? shortestEdge)
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(CommandRun.Everyday, "model.onnx"), folder.File("model.onnx"));
        folder.File("preprocessor_config.json", """
            {"do_resize": true, "size": {"shortest_edge": 140}, "crop_size": {"height": 128, "width": 128},
             "do_center_crop": true, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]}
            """);
        CommandRun run = await CommandRun.Of("inspect", "--model", folder.Path, "--fit", fit, "--json");
        run.ExitCode.Should().Be(0, run.Error);

        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement found = json.RootElement.GetProperty("preprocessing");
        found.GetProperty("fit").GetString().Should().Be(inJson);
        found.GetProperty("mean").EnumerateArray().Select(value => value.GetSingle()).Should().Equal(0.1f, 0.2f, 0.3f);
        JsonElement edge = found.GetProperty("shortestEdge");
        (edge.ValueKind == JsonValueKind.Null ? null : (int?)edge.GetInt32()).Should().Be(shortestEdge);
    }

    [Fact]
    public async Task The_given_colormap_and_opacity_are_used()
    {
        using ImageModel model = ImageModel.Load(CommandRun.Everyday);
        Explanation why = Explain(new EigenCamExplainer(model),
            model.Prepare(ImageSharpImage.Load(EmbeddedDefault.Photo)));
        using TemporaryFolder folder = new();

        await Explain(folder, "--method", "eigen-cam", "--colormap", "inferno", "--opacity", "0.8");

        RgbImage expected = why.Overlay(new() { Colormap = Colormap.Inferno, Opacity = 0.8f });
        ImageSharpImage.Load(folder.File("why.png")).Pixels.SequenceEqual(expected.Pixels).Should().BeTrue();
    }

    [Fact]
    public async Task The_embedded_network_and_the_embedded_photograph_are_the_defaults()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Exactly(
            TestContext.Current.CancellationToken, "explain", "--max-passes", "20", "--out", folder.File("why.png"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("Egyptian cat (285), probability 0.6").And.Contain("fire9/concat_1: 512 channels");
    }

    [Fact]
    public async Task A_picture_without_its_option_gives_a_suggestion()
    {
        using TemporaryFolder folder = new();
        string photo = folder.File("cat.png", "");
        CommandRun run = await CommandRun.Of("explain", photo);
        (run.ExitCode, run.Error).Should().Be((
            ExitCodes.UserMistake,
            $"scorecam: '{photo}' is a file without an option; did you mean --image {photo}? "
            + $"See scorecam explain --help{Environment.NewLine}"));
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("inspect")]
    public async Task A_model_without_its_option_gives_a_suggestion(string command)
    {
        using TemporaryFolder folder = new();
        string model = folder.File("model.onnx", "");
        CommandRun run = await CommandRun.Of(command, model);
        (run.ExitCode, run.Error).Should().Be((
            ExitCodes.UserMistake,
            $"scorecam: '{model}' is a file without an option; did you mean --model {model}? "
            + $"See scorecam {command} --help{Environment.NewLine}"));
    }

    [Fact]
    public async Task Messages_of_the_library_name_the_options_of_the_command()
    {
        // Without a sidecar the library warns that the preprocessing is assumed.
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(CommandRun.Everyday, "model.onnx"), folder.File("bare.onnx"));
        CommandRun run = await CommandRun.Of(
            "explain", "--model", folder.File("bare.onnx"), "--method", "eigen-cam", "--out", folder.File("why.png"));
        run.Output.Should().Contain("warning").And.Contain("--preprocessing").And.NotContain("ModelOptions");

        CommandRun refused = await CommandRun.Of("inspect", "--output", "scores");
        refused.Error.Should().Contain("'scores'").And.Contain("logits").And.NotContain("ModelOptions");
    }

    [Fact]
    public void Every_example_of_the_help_is_parsed_without_errors()
    {
        RootCommand root = CommandLine.Create(new("--verbose"));
        foreach (Command command in root.Subcommands.Prepend<Command>(root))
        {
            IReadOnlyList<string> examples = HelpWithExamples.ExamplesOf(command);
            examples.Should().NotBeEmpty(command.Name);
            foreach (string example in examples)
            {
                example.Should().StartWith("scorecam ");
                root.Parse(example["scorecam ".Length..]).Errors.Should().BeEmpty(example);
            }
        }
    }

    [Theory]
    [InlineData]
    [InlineData("explain")]
    [InlineData("compare")]
    public async Task Help_ends_with_examples(params string[] command)
    {
        CommandRun run = await CommandRun.Exactly(TestContext.Current.CancellationToken, [.. command, "--help"]);
        run.ExitCode.Should().Be(0, run.Error);
        string examples = run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        examples.Should().Contain($"scorecam {command.FirstOrDefault("explain")}");
    }

    private static async Task<JsonElement> Explain(TemporaryFolder folder, params string[] arguments)
    {
        CommandRun run = await CommandRun.Of(
            ["explain", "--json", folder.File("why.json"), "--out", folder.File("why.png"), .. arguments]);
        run.ExitCode.Should().Be(ExitCodes.Success, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("why.json")));
        return json.RootElement.Clone();
    }

    private static float[] Map(JsonElement element)
    {
        JsonElement why = element.TryGetProperty("runs", out JsonElement runs)
            ? runs[0].GetProperty("explanations")[0]
            : element;
        return [.. why.GetProperty("map").GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
    }

    private static Explanation Explain(Explainer explainer, PreparedImage image) =>
        explainer.Explain(image, cancellationToken: TestContext.Current.CancellationToken);

    private static float[] Values(Explainer explainer, PreparedImage image) =>
        Explain(explainer, image).Map.Values.ToArray();
}
