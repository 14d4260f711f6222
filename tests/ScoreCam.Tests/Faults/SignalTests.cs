using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Images;
using ScoreCam.Skia;
using ScoreCam.Tests.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>
/// Signals while <c>scorecam explain</c> runs. <see cref="Cli.Evaluate.ResumeTests"/> has those of <c>evaluate</c>.
/// </summary>
public class SignalTests
{
    [Theory]
    [InlineData(CommandProcess.SigInt, 130)]
    [InlineData(CommandProcess.SigTerm, 143)]
    public async Task A_signal_leaves_only_complete_pictures_and_earlier_files(int signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests signals of Unix.");
        using TemporaryFolder folder = new();
        string[] names = ["why.json", "why.npy", "why.png"];
        string[] reports = [.. names.Select(name => folder.File(name, "earlier"))];
        string photo = EmbeddedDefault.Photo;
        // The signal arrives before all pictures are done.
        string[] images = ["--image", .. Enumerable.Repeat(photo, 45), "--out", folder.File("out")];
        string[] files = ["--json", reports[0], "--map", reports[1], "--figure", reports[2]];
        using CommandProcess process = CommandProcess.Start(["explain", .. images, .. files]);
        await process.WaitUntil(() => Overlays().Length >= 2);
        process.Signal(signal);
        CommandRun run = await process.End();

        run.ExitCode.Should().Be(exitCode, run.Error);
        run.Error.Should().Be("scorecam: interrupted\n");
        foreach (string report in reports)
            File.ReadAllText(report).Should().Be("earlier");
        string[] overlays = Overlays();
        overlays.Length.Should().BeInRange(2, 44);
        RgbImage whole = SkiaImage.Load(photo);
        foreach (string overlay in overlays)
            SkiaImage.Load(overlay).Width.Should().Be(whole.Width, overlay);
        folder.Names().Should().OnlyContain(
            name => name == "out" || names.Contains(name) || name.EndsWith(".png"), "no temporary file is left");

        string[] Overlays()
        {
            string folderOfOverlays = folder.File("out");
            return Directory.Exists(folderOfOverlays) ? Directory.GetFiles(folderOfOverlays, "*.png") : [];
        }
    }
}
