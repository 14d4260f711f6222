using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Samples.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

public class FolderWorkerTests
{
    [Fact]
    public async Task It_explains_each_picture_once_and_survives_a_bad_one()
    {
        using Clone clone = new();
        await File.WriteAllTextAsync(clone.File(Path.Combine("photos", "broken.png")), "no picture", TestContext.Current.CancellationToken);

        (int exitCode, string output) = await clone.Run("FolderWorker", "photos", "--once");

        exitCode.Should().Be(1, "one file is broken");
        output.Should().Contain("coffee.png: cup 54 %").And.Contain("broken.png' (10 bytes) is not a picture");
        Explanation.Load(clone.File(Path.Combine("photos", "chelsea.png.why.json"))).TargetName.Should().Be("cat");
        File.Exists(clone.File(Path.Combine("photos", "chelsea.png.why.jpg"))).Should().BeTrue();

        File.Delete(clone.File(Path.Combine("photos", "broken.png")));
        (exitCode, output) = await clone.Run("FolderWorker", "photos", "--once");
        (exitCode, output).Should().Be((0, ""), "nothing is left to do");
    }

    [Fact]
    public async Task It_ends_when_it_is_asked_to()
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
