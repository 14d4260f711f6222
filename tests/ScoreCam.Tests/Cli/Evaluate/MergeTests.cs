using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

public class MergeTests
{
    [Fact]
    public async Task Two_shards_merged_equal_one_run()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder);
        CommandRun whole = await Pictures.Evaluate(images, "--json", folder.File("whole.json"), "--csv", folder.File("whole.csv"));
        for (int i = 1; i <= 2; i++)
            (await Pictures.Evaluate(images, "--shard", $"{i}/2", "--json", folder.File($"{i}.json"))).Output.Should().Contain($"2 pictures; shard {i}/2");

        // In any order.
        CommandRun merged = await CommandRun.Of("merge", folder.File("2.json"), folder.File("1.json"), "--json", folder.File("merged.json"), "--csv", folder.File("merged.csv"));
        merged.ExitCode.Should().Be(0, merged.Error);
        Pictures.Results(folder.File("merged.json")).Should().Be(Pictures.Results(folder.File("whole.json")));
        File.ReadAllText(folder.File("merged.csv")).Should().Be(File.ReadAllText(folder.File("whole.csv")));
        Table(merged).Should().Be(Table(whole));
        merged.Output.Should().NotContain("shard");
    }

    [Fact]
    public async Task Refuses_overlap_other_options_and_what_is_no_evaluation()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg", "rocket.jpg");
        (string first, string second, string seeded, string methods) = (folder.File("1.json"), folder.File("2.json"), folder.File("s.json"), folder.File("m.json"));
        await Pictures.Evaluate(images, "--shard", "1/3", "--json", first);
        await Pictures.Evaluate(images, "--shard", "2/3", "--json", second);
        await Pictures.Evaluate(images, "--shard", "3/3", "--seed", "5", "--json", seeded);
        await Pictures.Evaluate(images, "--shard", "3/3", "--method", "cam", "--json", methods);

        await Refuses("both hold chelsea.jpg", first, second, first);
        await Refuses("they differ in the seed (0 and 5)", first, seeded);
        await Refuses("they differ in the methods (eigen-cam, random, uniform and eigen-cam, cam, random, uniform)", first, methods);
        await Refuses("there is no file", first, folder.File("nowhere.json"));
        await Refuses("is not what scorecam evaluate --json writes", first, folder.File("text.json", "{}"));
        await Refuses("give their folder by --images", first, "--report", folder.File("a.html"));
        (await CommandRun.Of("merge", first, second)).Output.Should().Contain("2 pictures; shard 1/3, 2/3", "the third is missing");
    }

    private static async Task Refuses(string says, params string[] arguments)
    {
        CommandRun run = await CommandRun.Of(["merge", .. arguments]);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(says);
    }

    private static string Table(CommandRun run) => string.Join('\n', run.Output.Split('\n').Where(line => line.StartsWith('|')));
}
