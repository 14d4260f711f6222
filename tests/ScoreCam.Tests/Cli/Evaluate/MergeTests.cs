using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Tests.Cli.Compare;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

public class MergeTests
{
    [Fact]
    public async Task Two_merged_shards_equal_one_run()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder);
        CommandRun whole =
            await Pictures.Evaluate(images, "--json", folder.File("whole.json"), "--csv", folder.File("whole.csv"));
        for (int i = 1; i <= 2; i++)
            (await Pictures.Evaluate(images, "--shard", $"{i}/2", "--json", folder.File($"{i}.json"))).Output
                .Should().Contain($"2 pictures; shard {i}/2");

        // The order of the files does not matter.
        CommandRun merged = await CommandRun.Of("merge", folder.File("2.json"), folder.File("1.json"), "--json",
            folder.File("merged.json"), "--csv", folder.File("merged.csv"));
        merged.ExitCode.Should().Be(0, merged.Error);
        Pictures.Results(folder.File("merged.json")).Should().Be(Pictures.Results(folder.File("whole.json")));
        File.ReadAllText(folder.File("merged.csv")).Should().Be(File.ReadAllText(folder.File("whole.csv")));
        Table(merged).Should().Be(Table(whole));
        merged.Output.Should().NotContain("shard");
    }

    [Fact]
    public async Task Overlapping_shards_other_options_and_other_files_are_refused()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg", "rocket.jpg");
        (string first, string second, string seeded, string methods) =
            (folder.File("1.json"), folder.File("2.json"), folder.File("s.json"), folder.File("m.json"));
        await Pictures.Evaluate(images, "--shard", "1/3", "--json", first);
        await Pictures.Evaluate(images, "--shard", "2/3", "--json", second);
        await Pictures.Evaluate(images, "--shard", "3/3", "--seed", "5", "--json", seeded);
        await Pictures.Evaluate(images, "--shard", "3/3", "--method", "cam", "--json", methods);

        await Refuses("both hold chelsea.jpg", first, second, first);
        await Refuses("they differ in the seed (0 and 5)", first, seeded);
        string[] third = ["--shard", "3/3", "--json", folder.File("o.json")];
        await Pictures.Evaluate(images, [.. third, "--scores", "sigmoid"]);
        await Refuses("they differ in the meaning of the scores (softmax and sigmoid)", first, folder.File("o.json"));
        await Pictures.Evaluate(images, [.. third, "--labels", Everyday.Planets(folder)]);
        await Refuses("they differ in the class names", first, folder.File("o.json"));
        await Pictures.Evaluate(images, [.. third, "--limit", "1"]);
        await Refuses("they differ in the pictures of all shards", first, folder.File("o.json"));
        string boxes = folder.File("boxes.csv", "file,class_index,class_name\nrocket.jpg,3,cat\n");
        await Pictures.Evaluate(images, [.. third, "--boxes", boxes]);
        await Refuses("they differ in the pictures of all shards, their classes or boxes", first,
            folder.File("o.json"));
        const string controls = "random, mean-activation, sobel, center-gaussian, uniform";
        await Refuses($"they differ in the methods (eigen-cam, {controls} and eigen-cam, cam, {controls})",
            first, methods);
        await Refuses("there is no file", first, folder.File("nowhere.json"));
        const string kinds = "is not what scorecam evaluate --json or scorecam compare --json writes";
        await Refuses($"{kinds}: it has no 'setup' and no 'cases'", first, folder.File("text.json", "{}"));
        await Refuses("it is not JSON at line 2", first, folder.File("text.json", "{\n<html>"));
        await Refuses("it holds array where an object was expected", first, folder.File("text.json", "[]"));
        await Refuses("scorecam explain --json wrote it", first,
            folder.File("text.json", "{\"model\":\"m\",\"runs\":[]}"));
        await Refuses("it holds the records of a run", first, folder.File("1.records.jsonl"));
        await Refuses("of another type", first, folder.File("text.json", "{\"setup\":{},\"cases\":[]}"));
        await Refuses("is a folder", first, folder.Path);
        await Refuses("give their folder by --images", first, "--report", folder.File("a.html"));
        await Refuses("shard 3/3 is missing; give its file too, or --partial", first, second);
        CommandRun partial = await CommandRun.Of("merge", second, first, "--partial");
        partial.ExitCode.Should().Be(0, partial.Error);
        partial.Output.Should().Contain("2 pictures; shard 1/3, 2/3", "the third shard is missing");
    }

    [Fact]
    public async Task A_shard_without_a_readable_picture_does_not_stop_the_others()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        File.WriteAllText(Path.Combine(images, "broken.jpg"), "no picture");
        (await Pictures.Evaluate(images, "--json", folder.File("whole.json"))).ExitCode.Should().Be(0);
        for (int i = 1; i <= 2; i++)
        {
            CommandRun part = await Pictures.Evaluate(images, "--shard", $"{i}/2", "--json", folder.File($"{i}.json"));
            part.ExitCode.Should().Be(0, part.Error);
        }
        CommandRun merged = await CommandRun.Of(
            "merge", folder.File("1.json"), folder.File("2.json"), "--json", folder.File("merged.json"));
        merged.Output.Should().Contain("left out broken.jpg");
        Pictures.Results(folder.File("merged.json")).Should().Be(Pictures.Results(folder.File("whole.json")));
    }

    [Theory]
    [InlineData("1/3 2/3 3/3", "")]
    [InlineData("1/2 2/4 4/4", "")]
    [InlineData("", "")]
    [InlineData("2/3 2/3", "the shards 1/3, 3/3 are missing; give their files")]
    [InlineData("1/2 2/4", "shard 4/4 is missing")]
    [InlineData("1/2 2/3", "the shards 4/6, 6/6 are missing")]
    [InlineData(
        "14/14", "the shards 1/14, 2/14, 3/14, 4/14, 5/14, 6/14, 7/14, 8/14, 9/14, 10/14 and 3 more are missing")]
    public void Missing_shards_are_named(string shards, string missing)
    {
        string[] parts = shards.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (missing.Length == 0)
            ShardSet.Present(parts, partial: false).Should().BeEmpty();
        else
            FluentActions.Invoking(() => ShardSet.Present(parts, partial: false))
                .Should().Throw<UserException>().WithMessage($"{missing}*");
        ShardSet.Present(parts, partial: true).Should().BeSubsetOf(parts);
    }

    [Fact]
    public void Shards_of_runs_in_very_different_numbers_of_parts_are_refused() =>
        FluentActions.Invoking(() => ShardSet.Present(["1/99991", "1/99989"], partial: false))
            .Should().Throw<UserException>().WithMessage("*in 99991 and in 99989 parts*");

    private static async Task Refuses(string says, params string[] arguments)
    {
        CommandRun run = await CommandRun.Of(["merge", .. arguments]);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(says);
    }

    private static string Table(CommandRun run) =>
        string.Join('\n', run.Output.Split('\n').Where(line => line.StartsWith('|')));
}
