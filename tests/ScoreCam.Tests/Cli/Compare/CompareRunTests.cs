using System.Runtime.InteropServices;
using System.Text.Json;
using FluentAssertions;
using ScoreCam.ImageSharp;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Compare;

/// <summary>Comparisons that are interrupted, split into shards, or given items that cannot be compared.</summary>
public class CompareRunTests
{
    [Fact]
    public async Task An_interrupted_run_resumes_and_computes_nothing_twice()
    {
        using TemporaryFolder folder = new();
        string records = folder.File("parts.records.jsonl");
        (await Everyday.Compare(folder, "--json", folder.File("whole.json"))).ExitCode.Should().Be(0);
        (await Everyday.Compare(folder, "--limit", "1", "--json", folder.File("parts.json"))).ExitCode.Should().Be(0);
        string[] kept = File.ReadAllLines(records);
        kept.Should().HaveCount(2 * (1 + 2), "two networks, an answer and two maps each");
        // A power failure can leave half a line.
        File.AppendAllText(records, kept[0][..(kept[0].Length / 2)]);

        (await Everyday.Compare(folder, "--json", folder.File("parts.json"))).ExitCode.Should().Be(0);
        Everyday.Results(folder.File("parts.json")).Should().Be(Everyday.Results(folder.File("whole.json")));
        string[] all = File.ReadAllLines(records);
        all.Should().HaveCount((2 * 4 * 3) + 1, "and the incomplete line is unchanged");
        await Everyday.Compare(folder, "--json", folder.File("parts.json"));
        File.ReadAllLines(records).Should().Equal(all, "there was nothing left to compute");
    }

    [Fact]
    public async Task Maps_of_another_method_on_the_same_layers_are_not_reused()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        string[] layers = ["/layer2/layer2.1/Relu_1_output_0", "/layer3/layer3.1/Relu_1_output_0"];
        async Task<int> Lines(string method, string output)
        {
            CommandRun run = await CommandRun.Of([
                "compare", "--images", images, "--method", method, "--layer", .. layers, "--json",
                folder.File($"{output}.json")]);
            run.ExitCode.Should().Be(0, run.Error);
            return File.ReadAllLines(folder.File($"{output}.records.jsonl")).Length;
        }
        (await Lines("eigen-cam", "a")).Should().Be(3, "an answer and two maps");
        (await Lines("grad-cam", "a")).Should().Be(5, "two more maps");
        await Lines("grad-cam", "b");
        Everyday.Results(folder.File("a.json")).Should().Be(Everyday.Results(folder.File("b.json")));
        await Lines("eigen-cam", "c");
        (await CommandRun.Of("merge", folder.File("b.json"), folder.File("c.json"))).Error
            .Should().Contain("they differ in the methods (grad-cam · ");
    }

    [Fact]
    public async Task The_input_of_a_network_of_free_size_is_limited_as_in_explain()
    {
        using TemporaryFolder folder = new();
        string photo = Path.Combine(SharedFolder.Repository, "photos", "coffee.png");
        string free = Path.Combine(SharedData.Repository, "tests", "golden", "field", "dynhw.onnx");
        CommandRun run = await CommandRun.Of(
            "compare", "--image", photo, "--model", free, free, "--method", "cam", "--metric", "none", "--json",
            folder.File("a.json"));
        run.ExitCode.Should().Be(0, run.Error);
        using ImageModel model = ImageModel.Load(free);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        byte[] probabilities = json.RootElement.GetProperty("networks")[0].GetProperty("answers")[0]
            .GetProperty("probabilities").GetBytesFromBase64();
        MemoryMarshal.Cast<byte, float>(probabilities).ToArray().Should()
            .Equal(model.Predict(ImageSharpImage.Load(photo)).Probabilities.ToArray());
    }

    [Fact]
    public async Task Pictures_of_one_file_name_are_all_compared_and_wrong_boxes_are_left_out()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg");
        string other = Path.Combine(SharedFolder.Repository, "photos", "chelsea.png");
        Directory.CreateDirectory(folder.File("other"));
        File.Copy(other, folder.File("other/chelsea.jpg"));
        string boxes = folder.File("boxes.csv",
            "file,class_index,class_name,xmin,ymin,xmax,ymax\ncoffee.jpg,6,cup,10,10,9000,90\n");
        CommandRun run = await CommandRun.Of(
            "compare", "--image", folder.File("other/chelsea.jpg"), "--images", images, "--boxes", boxes, "--method",
            "gradient", "eigen-cam", "--layer", "/layer2/layer2.1/Relu_1_output_0", "/layer3/layer3.1/Relu_1_output_0",
            "--metric", "none", "--json", folder.File("a.json"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("left out coffee.jpg: the box 10, 10, 9000, 90");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        json.RootElement.GetProperty("pictures").EnumerateArray().Select(one => one.GetProperty("name").GetString())
            .Should().BeEquivalentTo("chelsea.jpg", Path.Combine(images, "chelsea.jpg"));
        json.RootElement.GetProperty("methods").EnumerateArray().Select(one => one.GetProperty("name").GetString())
            .Should().Equal(
                "gradient", "eigen-cam · /layer2/layer2.1/Relu_1_output_0",
                "eigen-cam · /layer3/layer3.1/Relu_1_output_0");
    }

    [Fact]
    public async Task Merged_shards_equal_one_run()
    {
        using TemporaryFolder folder = new();
        (await Everyday.Compare(folder, "--json", folder.File("whole.json"))).ExitCode.Should().Be(0);
        for (int i = 1; i <= 2; i++)
        {
            CommandRun part = await Everyday.Compare(folder, "--shard", $"{i}/2", "--json", folder.File($"{i}.json"));
            part.Output.Should().Contain($"2 networks, 2 pictures, 2 methods; shard {i}/2");
        }
        CommandRun merged = await CommandRun.Of(
            "merge", folder.File("2.json"), folder.File("1.json"), "--json", folder.File("merged.json"),
            "--images", folder.File("pictures"), "--report", folder.File("merged.html"));
        merged.ExitCode.Should().Be(0, merged.Error);
        Everyday.Results(folder.File("merged.json")).Should().Be(Everyday.Results(folder.File("whole.json")));
        File.Exists(folder.File("merged.html")).Should().BeTrue();

        CommandRun half = await CommandRun.Of("merge", folder.File("1.json"));
        (half.ExitCode, half.Error).Should().Be((2,
            "scorecam: shard 2/2 is missing; give its file too, or --partial for a table without it\n"));
        await Pictures.Evaluate(folder.File("pictures"), "--limit", "1", "--json", folder.File("e.json"));
        (await CommandRun.Of("merge", folder.File("1.json"), folder.File("e.json"))).Error
            .Should().Contain("merge parts of one kind");
        (await CommandRun.Of("merge", folder.File("1.json"), folder.File("1.json"))).Error
            .Should().Contain("both hold");
    }

    [Fact]
    public async Task Networks_without_labels_or_with_other_classes_are_compared_and_reported()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg");
        string numbers =
            folder.File("numbers.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"class {i}")));
        string others = Everyday.Planets(folder);
        string boxes = folder.File("boxes.csv", "file,class_index,class_name\nchelsea.jpg,3,cat\ncoffee.jpg,6,cup\n");
        CommandRun run = await CommandRun.Of(
            "compare", "--images", images, "--boxes", boxes, "--model", Everyday.Model, Everyday.Model, Everyday.Model,
            "--name", "own", "numbers", "planets", "--labels", "auto", numbers, others, "--method", "eigen-cam",
            "--json", folder.File("a.json"), "--report", folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement figures = json.RootElement.GetProperty("figures");
        int[] totals = [.. figures.GetProperty("networks").EnumerateArray().Select(n =>
            n.GetProperty("accuracy").GetProperty("total").GetInt32())];
        totals.Should().Equal([2, 2, 0], "numbers uses the class index, and planets has neither class");
        figures.GetProperty("agreement").EnumerateArray().Count(pair => pair.TryGetProperty("sameAnswer", out _))
            .Should().Be(0, "no two of the networks have a class name in common");
        string page = File.ReadAllText(folder.File("a.html"));
        page.Should().Contain("planets has no class named cat and cup")
            .And.Contain("own and planets have no class in common");
        page.Should().Contain("numbers has no class names");
    }

    [Fact]
    public async Task A_corrupt_picture_is_reported_once_and_the_others_are_compared()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        File.WriteAllText(Path.Combine(images, "broken.jpg"), "no picture");
        CommandRun run = await CommandRun.Of(
            "compare", "--images", images, "--model", Everyday.Model, Everyday.Model, "--method", "eigen-cam",
            "--report", folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);
        System.Text.RegularExpressions.Regex.Count(run.Output, "left out broken.jpg").Should().Be(1);
        run.Output.Should().Contain("2 networks, 1 picture, 1 method");
        File.ReadAllText(folder.File("a.html")).Should().Contain("broken.jpg: ");
    }

    [Fact]
    public async Task A_page_can_contain_twenty_networks()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        string[] models = [.. Enumerable.Repeat(Everyday.Model, 20)];
        CommandRun run = await CommandRun.Of([
            "compare", "--images", images, "--model", .. models, "--method", "eigen-cam", "--metric", "none",
            "--report", folder.File("a.html")]);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument page = JsonDocument.Parse(CompareFiguresTests.Data(folder.File("a.html")));
        page.RootElement.GetProperty("networks").EnumerateArray().Last().GetProperty("name").GetString()
            .Should().Be("everyday20 (20)");
        page.RootElement.GetProperty("figures").GetProperty("agreement").GetArrayLength().Should().Be(190);
    }
}
