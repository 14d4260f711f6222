using System.Diagnostics;
using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

/// <summary>Runs the documented job array on a Slurm cluster that consists of this machine.</summary>
public sealed partial class SlurmTests : IDisposable
{
    private const int Shards = 2, MapsOfPicture = 6;

    private readonly TemporaryFolder _folder = new();
    private bool _started;

    private string Slurm => _folder.File("slurm");

    private static string Script => Path.Combine(SharedFolder.Repository, "eng", "one-machine-slurm.sh");

    public void Dispose()
    {
        if (_started)
            Bash($"{Script} stop {Slurm}");
        _folder.Dispose();
    }

    [Fact]
    public async Task The_documented_job_array_with_a_requeued_shard_equals_one_run()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Tools().All(File.Exists), "Slurm is not installed: slurm-wlm and munge.");
        Prepare();
        string page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "evaluation.md"));
        string job = Block.Matches(page).Select(one => one.Groups[1].Value).Single(one => one.Contains("#SBATCH"));
        string submit =
            Block.Matches(page).Select(one => one.Groups[1].Value).Single(one => one.Contains("sbatch --parsable"));
        File.WriteAllText(_folder.File("evaluate.sh"), job.Replace("--array=1-8", $"--array=1-{Shards}"));

        CommandRun whole = await CommandRun.Of("evaluate", "--model", _folder.File("model.onnx"), "--images",
            _folder.File("photos"), "--boxes", _folder.File("boxes.csv"), "--json", _folder.File("whole.json"));
        whole.ExitCode.Should().Be(0, whole.Error);

        Bash($"{Script} start {Slurm}");
        _started = true;
        string array = JobOfArray.Match(Bash(submit + "echo array=$job")).Groups[1].Value;
        string records = _folder.File("part-1.records.jsonl");
        await Until(() => File.Exists(records) && new FileInfo(records).Length > 0);
        Bash($"scontrol requeue {array}_1");
        await Until(() => Bash("squeue --noheader").Length == 0);

        Bash($"scontrol show job {array}_1").Should().Contain("Restarts=1").And.Contain("JobState=COMPLETED");
        File.ReadLines(records).Should().HaveCount(MapsOfPicture, "no map was computed twice");
        Pictures.Results(_folder.File("table.json")).Should().Be(Pictures.Results(_folder.File("whole.json")));
        File.ReadAllText(_folder.File("table.html")).Should().Contain("2 pictures");
    }

    /// <summary>Creates the files that the documentation assumes: a model, pictures, boxes, and the command.</summary>
    private void Prepare()
    {
        string model = Path.Combine(SharedFolder.Repository, "models", "everyday20");
        foreach (string name in new[] { "model.onnx", "config.json", "preprocessor_config.json" })
            File.Copy(Path.Combine(model, name), _folder.File(name));
        string[] names = [.. Enumerable.Range(1, Shards).Select(i => $"{i}.jpg")];
        Directory.Move(Pictures.In(_folder, names), _folder.File("photos"));
        _folder.File("boxes.csv", "file,class_index,class_name,xmin,ymin,xmax,ymax\n1.jpg,3,cat,0,0,80,120\n");
        Directory.CreateDirectory(_folder.File("bin"));
        string command = _folder.File("bin/scorecam");
        File.WriteAllText(command, $"#!/bin/sh\nexec dotnet '{typeof(ExitCodes).Assembly.Location}' \"$@\"\n");
        Bash($"chmod +x {command}");
    }

    private async Task Until(Func<bool> condition)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(5))
                throw new TimeoutException($"The jobs did not end: {Bash("squeue; tail -n 20 slurm-*.out")}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Runs a command and returns its output.</summary>
    private string Bash(string command)
    {
        ProcessStartInfo start = new("bash", ["-e", "-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["SLURM_CONF"] = Path.Combine(Slurm, "slurm.conf");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}: {error.Result}");
    }

    private static IEnumerable<string> Tools() =>
        ["/usr/bin/sbatch", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"];

    [GeneratedRegex("^```(?:bash)?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block { get; }

    [GeneratedRegex("array=([0-9]+)")]
    private static partial Regex JobOfArray { get; }
}
