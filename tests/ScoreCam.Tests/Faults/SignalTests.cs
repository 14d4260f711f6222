using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Images;
using ScoreCam.Skia;
using ScoreCam.Tests.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>Signals in the middle of <c>scorecam explain</c>; of <c>evaluate</c> see <see cref="Cli.Evaluate.ResumeTests"/>.</summary>
public class SignalTests
{
    [Theory]
    [InlineData(CommandProcess.SigInt, 130)]
    [InlineData(CommandProcess.SigTerm, 143)]
    public async Task Explaining_stops_keeps_whole_pictures_and_earlier_files_and_leaves_nothing_else(int signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals of Unix.");
        using TemporaryFolder folder = new();
        string[] reports = [folder.File("why.json", "earlier"), folder.File("why.npy", "earlier"), folder.File("why.png", "earlier")];
        string photo = EmbeddedDefault.Photo;
        // More than can be done before the signal comes.
        using CommandProcess process = CommandProcess.Start(
            ["explain", "--image", .. Enumerable.Repeat(photo, 45), "--out", folder.File("out"), "--json", reports[0], "--map", reports[1], "--figure", reports[2]]);
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
            SkiaImage.Load(overlay).Width.Should().Be(whole.Width, "it is whole");
        folder.Names().Should().OnlyContain(name => name == "out" || name.StartsWith("why.") || name.EndsWith(".png"), "nothing half-written is left");

        string[] Overlays() => Directory.Exists(folder.File("out")) ? Directory.GetFiles(folder.File("out"), "*.png") : [];
    }
}
