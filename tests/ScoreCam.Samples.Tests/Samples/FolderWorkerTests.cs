using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Samples.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

public class FolderWorkerTests
{
    [Fact]
    public async Task Each_picture_is_explained_once_and_a_broken_one_does_not_stop_the_worker()
    {
        using Clone clone = new();
        string broken = clone.File(Path.Combine("photos", "broken.png"));
        await File.WriteAllTextAsync(broken, "no picture", TestContext.Current.CancellationToken);

        (int exitCode, string output) = await clone.Run("FolderWorker", "photos", "--once");

        exitCode.Should().Be(1, "one file is broken");
        output.Should().Contain("coffee.png: espresso 100 %").And.Contain("broken.png' (10 bytes) is not a picture");
        string chelsea = clone.File(Path.Combine("photos", "chelsea.png.why"));
        Explanation.Load($"{chelsea}.json").TargetName.Should().Be("Egyptian cat");
        File.Exists($"{chelsea}.jpg").Should().BeTrue();

        File.Delete(broken);
        (exitCode, output) = await clone.Run("FolderWorker", "photos", "--once");
        (exitCode, output).Should().Be((0, ""), "all pictures are already explained");
    }

    [Fact]
    public async Task The_worker_ends_on_a_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send.");
        using Clone clone = new();
        using ChildProcess worker = new(clone.Path, Clone.Sample("FolderWorker"), "photos");
        foreach (string photo in Directory.GetFiles(clone.File("photos")))
            File.SetLastWriteTimeUtc(photo, DateTime.UtcNow.AddMinutes(-1));

        await worker.Wrote("rocket.jpg");
        Process.Start("kill", ["-TERM", worker.Id.ToString()]).Dispose();

        (await worker.ExitCode()).Should().Be(0, worker.Output);
    }
}
