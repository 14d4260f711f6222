using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using ScoreCam.Tests.Cli.Compare;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Report;

public class GalleryTests
{
    [Fact]
    public async Task Only_the_worst_and_the_best_of_many_pictures_are_shown()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        await Pictures.Evaluate(images, "--json", folder.File("one.json"));

        // 205 classes of one picture, in a shuffled order: class i has an average drop of i.
        JsonNode root = JsonNode.Parse(File.ReadAllText(folder.File("one.json")))!;
        JsonNode[] once = [.. root["cases"]!.AsArray().Select(node => node!)];
        var many = new JsonArray();
        foreach (int i in Enumerable.Range(0, 205).OrderBy(i => i * 7919 % 205))
            foreach (JsonNode one in once)
            {
                JsonNode copy = one.DeepClone();
                (copy["classIndex"], copy["className"], copy["values"]!["average-drop"]) = (i, $"class {i}", (double)i);
                many.Add(copy);
            }
        root["cases"] = many;
        CommandRun run = await CommandRun.Of("merge", folder.File("many.json", root.ToJsonString()), "--images",
            images, "--report", folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);

        string page = File.ReadAllText(folder.File("a.html"));
        page.Should().Contain("The page shows the 100 worst and the 100 best of 205 pictures, by Average Drop");
        using JsonDocument data = JsonDocument.Parse(CompareFiguresTests.Data(folder.File("a.html")));
        string[] shown = [.. data.RootElement.GetProperty("cards").EnumerateArray().Select(card =>
            card.GetProperty("className").GetString()!)];
        // The 100 smallest and the 100 largest drops are shown. The five in the middle are left out.
        shown.Should().BeEquivalentTo(Enumerable.Range(0, 205).Where(i => i is < 100 or >= 105).Select(i =>
            $"class {i}"));
    }
}
