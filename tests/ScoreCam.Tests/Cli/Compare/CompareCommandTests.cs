using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Skia;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Compare;

public class CompareCommandTests
{
    [Fact]
    public async Task A_network_agrees_with_itself_without_any_difference()
    {
        using TemporaryFolder folder = new();
        string image = Path.Combine(Pictures.In(folder, "chelsea.jpg"), "chelsea.jpg");
        CommandRun run = await CommandRun.Of("compare", "--image", image, "--model", Everyday.Model, Everyday.Model,
            "--method", "eigen-cam", "--class", "cup", "--out", folder.File("a.png"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("  everyday20 (1): cat,").And.Contain("  everyday20 (2): cat,");
        run.Output.Should().Contain(
            "| everyday20 (1), everyday20 (2) with eigen-cam | 1.000 | 1.000 | 1.000 | 1.000 |");

        // The first row contains the original, A and B. B − A is below B. It is zero, so the original shows through.
        RgbImage figure = SkiaImage.Load(folder.File("a.png"));
        const int Margin = 24, Gap = 12, Panel = 320;
        int width = (figure.Width - (2 * Margin) - (2 * Gap)) / 3, left = Margin + (2 * (width + Gap));
        int[] tops = [.. Enumerable.Range(1, figure.Height - Panel).Where(y =>
            IsWhite(y - 1) && Enumerable.Range(y, Panel).All(inside => !IsWhite(inside)))];
        tops.Should().HaveCount(2);
        for (int y = 5; y < Panel; y += 50)
            for (int x = 5; x < width; x += 50)
                Pixel(left + x, tops[1] + y).Should().Equal(Pixel(Margin + x, tops[0] + y));

        bool IsWhite(int y) => Pixel(left + width - 2, y).All(value => value == 255);
        byte[] Pixel(int x, int y) => figure.Pixels.Slice(3 * ((y * figure.Width) + x), 3).ToArray();
    }

    [Fact]
    public async Task Methods_and_layers_of_one_network_are_compared()
    {
        using TemporaryFolder folder = new();
        string image = Path.Combine(Pictures.In(folder, "chelsea.jpg"), "chelsea.jpg");
        const string second = "/layer3/layer3.1/Relu_1_output_0", first = "/layer2/layer2.1/Relu_1_output_0";
        CommandRun run = await CommandRun.Of("compare", "--image", image, "--model", Everyday.Model, "--method",
            "eigen-cam", "uniform", "--layer", first, second, "--report", folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain($"| eigen-cam · {first}, eigen-cam · {second} on everyday20 |");
        run.Output.Should().Contain($"| eigen-cam · {first}, uniform on everyday20 | 0.000 | 0.000 |",
            "a constant map correlates with no map");
        // The SVG namespace is an address, but nothing is loaded from it.
        File.ReadAllText(folder.File("a.html")).Replace("http://www.w3.org/2000/svg", "")
            .Should().NotContain("http:").And.NotContain("https:");
    }

    [Theory]
    [InlineData("name the pictures", new string[0])]
    [InlineData("there is nothing to compare", new[] { "--image", "IMAGE" })]
    [InlineData("there is no picture 'nowhere.png'", new[] { "--image", "nowhere.png", "--method", "cam", "uniform" })]
    [InlineData("--preprocessing is given 2 times for 1 models",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--preprocessing", "unit", "byte" })]
    [InlineData("--preprocessing takes one of",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--preprocessing", "other" })]
    [InlineData("--name is given 2 times for 1 models; give it once for each",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--name", "a", "b" })]
    [InlineData("'cam · a' is named twice", new[] { "--image", "IMAGE", "--method", "cam", "--layer", "a", "a" })]
    [InlineData("there is no groups file",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--groups", "nowhere.json" })]
    [InlineData("there is no folder 'nowhere'", new[] { "--images", "nowhere", "--method", "cam", "uniform" })]
    [InlineData("--out writes a PNG file",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--out", "a.jpg" })]
    [InlineData("everyday20: There is no class 'kat'",
        new[] { "--image", "IMAGE", "--method", "cam", "uniform", "--class", "kat" })]
    public async Task A_mistake_is_reported_in_one_line(string says, string[] arguments)
    {
        using TemporaryFolder folder = new();
        string image = Path.Combine(Pictures.In(folder, "chelsea.jpg"), "chelsea.jpg");
        CommandRun run = await CommandRun.Of(["compare", "--model", Everyday.Model,
            .. arguments.Select(argument => argument == "IMAGE" ? image : argument)]);
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().StartWith("scorecam: ").And.Contain(says);
        run.Error.TrimEnd().Should().NotContain("\n");
    }
}
