using System.Text.Json;
using FluentAssertions;
using ScoreCam.Tests.Cli.Compare;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

/// <summary>An interrupted run resumes. Its table equals the table of an uninterrupted run.</summary>
public class ResumeTests
{
    [Fact]
    public async Task A_resumed_run_equals_an_uninterrupted_run_and_computes_nothing_twice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals of Unix.");
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg", "rocket.jpg");
        // The run is long enough for a signal to arrive before its end.
        string[] slow = ["evaluate", "--images", images, "--method", "score-cam", "--metric", "insertion", "deletion"];
        (await CommandRun.Of([.. slow, "--json", folder.File("whole.json")])).ExitCode.Should().Be(0);

        string records = folder.File("parts.records.jsonl");
        string[] arguments = [.. slow, "--json", folder.File("parts.json")];
        (await Stopped(arguments, records, bytes: 10_000, CommandProcess.SigTerm)).Should().Be(143);
        (await Stopped(arguments, records, bytes: 25_000, CommandProcess.SigInt)).Should().Be(130);
        (await Stopped(arguments, records, bytes: 40_000, CommandProcess.SigKill)).Should().Be(137);
        folder.Names().Where(name => !name.StartsWith("pictures")).Should()
            .Equal("parts.records.jsonl", "whole.json", "whole.records.jsonl");
        // A power failure can leave half a line.
        string[] kept = File.ReadAllLines(records);
        File.WriteAllText(records, string.Join('\n', kept) + '\n' + kept[0][..(kept[0].Length / 2)]);

        CommandRun run = await CommandRun.Of(arguments);
        run.ExitCode.Should().Be(0, run.Error);
        Pictures.Results(folder.File("parts.json")).Should().Be(Pictures.Results(folder.File("whole.json")));
        string[] lines = File.ReadAllLines(records);
        lines.Should().HaveCount(18 + 1,
            "six maps of each of three pictures were computed once, and the incomplete line is unchanged");
        lines.Take(kept.Length).Should().Equal(kept);

        await CommandRun.Of(arguments);
        File.ReadAllLines(records).Should().Equal(lines, "there was nothing left to compute");
    }

    [Fact]
    public async Task Results_of_another_picture_class_or_seed_are_not_reused()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg");
        string records = folder.File("a.records.jsonl");
        string[] output = ["--json", folder.File("a.json")];
        async Task<int> Lines(params string[] more)
        {
            (await Pictures.Evaluate(images, [.. output, .. more])).ExitCode.Should().Be(0);
            return File.ReadAllLines(records).Length;
        }
        (await Lines()).Should().Be(12);
        (await Lines("--seed", "1")).Should().Be(24);
        (await Lines()).Should().Be(24, "the records of the first options are still there");
        (await Lines("--boxes", folder.File("boxes.csv",
            "file,class_index,class_name,xmin,ymin,xmax,ymax\nchelsea.jpg,6,cup,0,0,10,10\n"))).Should().Be(30);
        (await Lines("--metric", "average-drop", "adcc")).Should()
            .Be(42, "a record without the metric is computed again");
        File.Copy(Path.Combine(images, "coffee.jpg"), Path.Combine(images, "chelsea.jpg"), overwrite: true);
        (await Lines()).Should().Be(48, "the contents of the file changed");
    }

    [Fact]
    public async Task Results_with_other_scores_labels_or_fit_are_not_reused()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        string records = folder.File("a.records.jsonl");
        async Task<int> Lines(params string[] more)
        {
            (await Pictures.Evaluate(images, ["--json", folder.File("a.json"), .. more])).ExitCode.Should().Be(0);
            return File.ReadAllLines(records).Length;
        }
        (await Lines()).Should().Be(6);
        (await Lines("--scores", "sigmoid")).Should().Be(12);
        (await Lines("--labels", Everyday.Planets(folder))).Should().Be(18);
        (await Lines("--fit", "letterbox")).Should().Be(24);
        (await Lines()).Should().Be(24, "nothing changed since the first run");
    }

    [Fact]
    public async Task The_sanity_check_of_another_class_is_not_reused()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        async Task<string> Checked(string classIndex)
        {
            string boxes = folder.File("boxes.csv", $"file,class_index,class_name\nchelsea.jpg,{classIndex},\n");
            CommandRun run =
                await Pictures.Evaluate(images, "--boxes", boxes, "--sanity", "--json", folder.File("a.json"));
            run.ExitCode.Should().Be(0, run.Error);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
            return json.RootElement.GetProperty("sanity")[0].GetProperty("className").GetString()!;
        }
        string first = await Checked("3");
        (await Checked("6")).Should().NotBe(first);
        (await Checked("3")).Should().Be(first);
    }

    [Fact]
    public async Task Two_runs_cannot_write_the_same_file()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        await File.WriteAllTextAsync(folder.File("a.records.jsonl"), "", TestContext.Current.CancellationToken);
        using FileStream other = new(folder.File("a.records.jsonl"), FileMode.Open, FileAccess.Read, FileShare.Read);
        CommandRun run = await Pictures.Evaluate(images, "--json", folder.File("a.json"));
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("does another run write it?");
    }

    /// <summary>
    /// Runs the command as a process and stops it with a signal after it wrote this number of bytes. A line has about
    /// 6,000 bytes.
    /// </summary>
    private static async Task<int> Stopped(string[] arguments, string records, int bytes, int signal)
    {
        using CommandProcess process = CommandProcess.Start(arguments);
        await process.WaitUntil(() => File.Exists(records) && new FileInfo(records).Length >= bytes);
        process.Signal(signal);
        return (await process.End()).ExitCode;
    }
}
