using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

public partial class EvaluateCommandTests
{
    [Fact]
    public async Task Writes_the_table_json_and_one_row_per_picture_method_and_metric()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await Pictures.Evaluate(Pictures.In(folder), "--json", folder.File("a.json"), "--csv",
            folder.File("a.csv"));
        run.ExitCode.Should().Be(0, run.Error);

        string[] rows = File.ReadAllLines(folder.File("a.csv"));
        rows[0].Should().Be("model,picture,class_index,class_name,method,metric,value");
        rows.Should().HaveCount(1 + (4 * 6 * 3), "four pictures, a method with five controls, three metrics");
        double[] drops = [.. Values(rows, "eigen-cam", "average-drop")];

        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement[] summary = [.. json.RootElement.GetProperty("summary").EnumerateArray()];
        summary.Select(row => row.GetProperty("method").GetString()).Should()
            .Equal("eigen-cam", "random", "mean-activation", "sobel", "center-gaussian", "uniform");
        JsonElement cell = summary[0].GetProperty("cells").GetProperty("average-drop");
        cell.GetProperty("mean").GetDouble().Should().BeApproximately(drops.Sum() / 4, 1e-12);
        cell.GetProperty("low").GetDouble().Should().BeInRange(drops.Min(), drops.Sum() / 4);
        cell.GetProperty("high").GetDouble().Should().BeInRange(drops.Sum() / 4, drops.Max());
        cell.GetProperty("count").GetInt32().Should().Be(4);
        json.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("picture").GetString())
            .Distinct().Should().Equal(Pictures.Names);

        string drop = string.Create(CultureInfo.InvariantCulture, $"{drops.Sum() / 4:0.0}");
        run.Output.Should().Contain("| method | Average Drop % ↓ | Average Increase % ↑ | Complexity ↓ |").And.Contain(
            $"| eigen-cam | {drop} [").And.Contain("4 pictures");
    }

    [Fact]
    public async Task No_record_file_is_written_beside_a_device()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Devices of Unix.");
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder);
        CommandRun run = await Pictures.Evaluate(images, "--json", "/dev/null", "--csv", folder.File("a.csv"));
        run.ExitCode.Should().Be(0, run.Error);
        File.Exists(RecordFile.PathFor("/dev/null")).Should().BeFalse();
        File.Exists(RecordFile.PathFor(folder.File("a.csv"))).Should().BeTrue();
    }

    [Fact]
    public async Task A_uniform_map_has_no_drop_and_its_energy_in_a_box_is_the_area_of_the_box()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder);
        string boxes = folder.File("boxes.csv", """
            file,class_index,class_name,xmin,ymin,xmax,ymax
            chelsea.jpg,3,cat,0,0,80,120
            coffee.jpg,6,"cup",0,0,80,60
            coffee.jpg,6,"cup",80,60,160,120
            coffee.jpg,3,cat,40,0,80,120

            """);
        CommandRun run = await CommandRun.Of("evaluate", "--images", images, "--boxes", boxes, "--method",
            "eigen-cam", "--metric", "energy-in-box", "average-drop", "average-increase", "--csv",
            folder.File("a.csv"));
        run.ExitCode.Should().Be(0, run.Error);
        string[] rows = File.ReadAllLines(folder.File("a.csv"));
        rows.Where(row => row.Contains(",uniform,energy-in-box,", StringComparison.Ordinal)).Should().Equal(
            // Computed by hand: a half for chelsea.jpg, a quarter for the cat, and two diagonal quarters for the cup.
            // Without a box there is no value.
            rows.First(row => row.Contains("astronaut.jpg") && row.EndsWith(",uniform,energy-in-box,")),
            "everyday20,chelsea.jpg,3,cat,uniform,energy-in-box,0.5",
            "everyday20,coffee.jpg,3,cat,uniform,energy-in-box,0.25",
            "everyday20,coffee.jpg,6,cup,uniform,energy-in-box,0.5",
            rows.First(row => row.Contains("rocket.jpg") && row.EndsWith(",uniform,energy-in-box,")));
        Values(rows, "uniform", "average-drop").Should().AllSatisfy(drop => drop.Should().Be(0)).And.HaveCount(5);
        Values(rows, "uniform", "average-increase").Should().AllSatisfy(increase => increase.Should().Be(0));
        Values(rows, "eigen-cam", "energy-in-box").Should()
            .HaveCount(3, "pictures without boxes have no such value").And.OnlyContain(share => share > 0 && share < 1);
    }

    [Fact]
    public async Task Items_that_cannot_be_evaluated_are_reported_and_the_others_continue()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder);
        byte[] whole = File.ReadAllBytes(Path.Combine(images, "astronaut.jpg"));
        File.WriteAllBytes(Path.Combine(images, "cut.jpg"), whole[..(whole.Length / 2)]);
        File.WriteAllText(Path.Combine(images, "text.png"), "not a picture");
        string boxes = folder.File("boxes.csv", """
            file,class_index,class_name,xmin,ymin,xmax,ymax
            nowhere.jpg,3,cat,0,0,80,120
            chelsea.jpg,3,cat,0,0,80,120
            coffee.jpg,6,cup,100,0,400,120
            rocket.jpg,7,warp drive,0,0,80,120
            astronaut.jpg,1,chain saw,80,x,10,20
            """);
        CommandRun run = await Pictures.Evaluate(images, "--boxes", boxes, "--csv", folder.File("a.csv"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("left out nowhere.jpg: the boxes file names it")
            .And.Contain("left out coffee.jpg: the box 100, 0, 400, 120").And.Contain("160 × 120")
            .And.Contain("left out rocket.jpg: There is no class 'warp drive'")
            .And.Contain("left out astronaut.jpg: line 6 of the boxes file")
            .And.Contain("left out cut.jpg").And.Contain("left out text.png")
            .And.Contain("1 picture, 6 left out");
        Values(File.ReadAllLines(folder.File("a.csv")), "eigen-cam", "complexity").Should().HaveCount(1);
    }

    [Theory]
    [InlineData("there is no folder", "--images", "nowhere")]
    [InlineData("there are no pictures in", "--images", "EMPTY")]
    [InlineData("--images takes a folder", "--images", "FILE")]
    [InlineData("there is no boxes file", "--boxes", "nowhere.csv")]
    [InlineData("names no column 'file'", "--boxes", "FILE")]
    [InlineData("there is no method 'scorecam'", "--method", "scorecam")]
    [InlineData("'rise:many': a whole number", "--method", "rise:many")]
    [InlineData("there is no 'score-cam:best'", "--method", "score-cam:best")]
    [InlineData("'score-cam:adaptive-x': a whole number", "--method", "score-cam:adaptive-x")]
    [InlineData("There is no metric 'drop'", "--metric", "drop")]
    [InlineData("energy-in-box needs boxes", "--metric", "energy-in-box")]
    [InlineData("--shard takes I/N", "--shard", "3/2")]
    [InlineData("--shard takes I/N", "--shard", "0/2")]
    [InlineData("different files", "--json", "SAME", "--csv", "SAME")]
    public async Task A_mistake_is_reported_in_one_line(string says, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("EMPTY"));
        folder.File("FILE", "nothing\n");
        string[] given = [.. arguments.Select(argument =>
            argument is "EMPTY" or "FILE" or "SAME" ? folder.File(argument) : argument)];
        CommandRun run = await CommandRun.Of(given[0] == "--images" ? ["evaluate", .. given]
            : ["evaluate", "--images", Pictures.In(folder, "chelsea.jpg"), .. given]);
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().StartWith("scorecam: ").And.Contain(says);
        run.Error.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public async Task An_unsupported_method_does_not_stop_the_others()
    {
        using TemporaryFolder folder = new();
        string model = Pictures.ModelWithoutLayers(folder, "model.onnx");
        CommandRun run = await CommandRun.Of("evaluate", "--model", model, "--images",
            Pictures.In(folder, "chelsea.jpg"), "--method", "cam", "occlusion:4", "--metric", "complexity");
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("without  cam: No layer").And.NotContain("| cam |")
            .And.Contain("| occlusion:4 |").And.Contain("| uniform |");
    }

    [Fact]
    public void All_adds_every_method_and_keeps_the_given_variants()
    {
        string[] names = [.. EvaluateSettings.MethodsOf(["rise:20", "all", "cam", "random"]).Select(one => one.Name)];
        string[] every = [.. Method.All.Select(method => method.Name)];
        every.Should().Contain(["score-cam", "ss-cam", "is-cam", "grad-cam", "mask", "extremal-perturbation"]);
        names.Should().Equal(
            ["rise:20", .. every, "random", "mean-activation", "sobel", "center-gaussian", "uniform"]);
    }

    private static IEnumerable<double> Values(string[] rows, string method, string metric) => rows
        .Where(row => row.Contains($",{method},{metric},", StringComparison.Ordinal) && !row.EndsWith(','))
        .Select(row => double.Parse(LastCell.Match(row).Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("[^,]+$")]
    private static partial Regex LastCell { get; }
}
