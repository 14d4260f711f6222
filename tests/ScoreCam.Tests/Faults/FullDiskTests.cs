using System.Diagnostics;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Skia;
using ScoreCam.Tests.Cli;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>Files are written aside and then renamed: where there is no room for them, the earlier file is as it was and nothing else is left.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Savings => [nameof(Explanation.Save), nameof(SaliencyMap.SaveNpy), nameof(SaliencyMap.SavePng16), nameof(SkiaExtensions.SavePng), nameof(SkiaExtensions.SaveJpeg)];

    [Theory]
    [MemberData(nameof(Savings))]
    public void What_the_library_saves_on_a_full_disk(string what)
    {
        string disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk) == 0, "Needs to be allowed to mount a small file system.");
        try
        {
            string path = Path.Combine(disk, "result");
            File.WriteAllText(path, "earlier");
            ((Action)(() => Save(what, path))).Should().Throw<IOException>().WithMessage("*space*result*");
            File.ReadAllText(path).Should().Be("earlier");
            Directory.GetFileSystemEntries(disk).Should().Equal(path);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public void What_is_written_aside_of_a_private_file_is_private_from_the_beginning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes of Unix.");
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = _folder.File("result", "earlier");
        File.SetUnixFileMode(path, Private);
        UnixFileMode? mode = null;
        AtomicFile.Write(path, aside => mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(((FileStream)aside).Name));
        mode.Should().Be(Private);
    }

    [Theory]
    [MemberData(nameof(Savings))]
    public void What_the_library_saves_over_a_link_a_device_and_a_private_file(string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links, devices and modes of Unix.");
        // For the compiler, which does not know that the line above ends the test.
        if (OperatingSystem.IsWindows())
            return;
        string path = _folder.File("result", "earlier"), link = _folder.File("link");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, path);
        Save(what, link);
        new FileInfo(link).LinkTarget.Should().Be(path);
        new FileInfo(path).Length.Should().BeGreaterThan(1000);
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it was nobody else's to read");
        _folder.Names().Should().Equal("link", "result");
        // A device that is replaced by a file is gone until the machine starts again.
        Save(what, "/dev/null");
        ((Action)(() => Save(what, "/dev/full"))).Should().Throw<IOException>();
        new FileInfo("/dev/null").Length.Should().Be(0);
        new FileInfo("/dev/full").Length.Should().Be(0);
    }

    [Fact]
    public void A_link_is_followed_to_a_device_and_to_a_file_that_is_not_there_yet()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and devices of Unix.");
        string toDevice = _folder.File("device"), toNothing = _folder.File("nothing"), target = _folder.File("target");
        File.CreateSymbolicLink(toDevice, "/dev/full");
        ((Action)(() => AtomicFile.Write(toDevice, file => file.WriteByte(1)))).Should().Throw<IOException>("it is written to, and not replaced");
        new FileInfo("/dev/full").Length.Should().Be(0);

        File.CreateSymbolicLink(toNothing, target);
        AtomicFile.Write(toNothing, file => file.WriteByte(1));
        new FileInfo(toNothing).LinkTarget.Should().Be(target);
        File.ReadAllBytes(target).Should().Equal(1);

        File.CreateSymbolicLink(_folder.File("ring"), _folder.File("ring"));
        ((Action)(() => AtomicFile.Write(_folder.File("ring"), _ => { }))).Should().Throw<IOException>();
    }

    [Fact]
    public void A_name_may_be_as_long_as_the_disk_takes()
    {
        // 255 bytes, of characters of three.
        string path = _folder.File(string.Concat(Enumerable.Repeat("図", 85)));
        AtomicFile.Write(path, file => file.WriteByte(1));
        AtomicFile.Write(path, file => file.WriteByte(2));
        File.ReadAllBytes(path).Should().Equal(2);
        _folder.Names().Should().HaveCount(1);
    }

    [Theory]
    [MemberData(nameof(Savings))]
    public void What_the_library_saves_as_a_file_in_memory(string what)
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "Linux keeps files in memory there.");
        string inMemory = $"/dev/shm/scorecam-{Guid.NewGuid():N}", expected = _folder.File("expected");
        try
        {
            Save(what, expected);
            Save(what, inMemory);
            File.ReadAllBytes(inMemory).Should().Equal(File.ReadAllBytes(expected));
            // A longer file of this name leaves nothing behind.
            File.WriteAllBytes(inMemory, new byte[1_000_000]);
            Save(what, inMemory);
            File.ReadAllBytes(inMemory).Should().Equal(File.ReadAllBytes(expected));
        }
        finally
        {
            File.Delete(inMemory);
        }
    }

    [Fact]
    public void Whatever_is_thrown_while_writing()
    {
        string path = _folder.File("result", "earlier");
        ((Action)(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new FormatException("in the middle");
        }))).Should().Throw<FormatException>();
        File.ReadAllText(path).Should().Be("earlier");
        _folder.Names().Should().Equal("result");
        ((Action)(() => AtomicFile.Write(_folder.File("missing/result"), _ => { }))).Should().Throw<IOException>();
    }

    [Theory]
    [InlineData("--json", "result.json")]
    [InlineData("--map", "result.npy")]
    [InlineData("--figure", "result.png")]
    [InlineData("--out", "result.png")]
    public async Task What_explain_writes(string option, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A limit of Unix.");
        string path = _folder.File(name, "earlier"), overlay = _folder.File("overlay");
        string[] arguments = ["explain", option, path, .. option == "--out" ? Array.Empty<string>() : ["--out", overlay + "/"]];
        // 16 KiB: too little for each of them.
        using CommandProcess process = CommandProcess.StartWithLimitedFiles(32, arguments);
        CommandRun run = await process.End();
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().StartWith("scorecam: ").And.NotContain("   at ");
        File.ReadAllText(path).Should().Be("earlier");
        _folder.Names().Should().OnlyContain(entry => entry == name || entry == "overlay", "no part of a file is left");
    }

    [Fact]
    public async Task The_records_of_evaluate_end_with_a_whole_line_and_the_run_goes_on_from_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A limit of Unix.");
        string images = Pictures.In(_folder), records = _folder.File("table.records.jsonl");
        string[] arguments = ["evaluate", "--images", images, .. Pictures.Quick, "--json", _folder.File("table.json")];
        using CommandProcess process = CommandProcess.StartWithLimitedFiles(64, arguments);
        CommandRun full = await process.End();
        full.ExitCode.Should().Be(1, full.Error);
        full.Error.Should().Contain("table.records.jsonl").And.Contain("kept");
        File.Exists(_folder.File("table.json")).Should().BeFalse();
        string[] kept = File.ReadAllLines(records);
        kept.Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith('}'));
        new FileInfo(records).Length.Should().Be(kept.Sum(line => System.Text.Encoding.UTF8.GetByteCount(line) + 1), "the line that did not fit is not there");

        (await CommandRun.Of(arguments)).ExitCode.Should().Be(0);
        File.ReadAllLines(records).Take(kept.Length).Should().Equal(kept);
        (await CommandRun.Of(["evaluate", "--images", images, .. Pictures.Quick, "--json", _folder.File("whole.json")])).ExitCode.Should().Be(0);
        Pictures.Results(_folder.File("table.json")).Should().Be(Pictures.Results(_folder.File("whole.json")));
    }

    private static void Save(string what, string path)
    {
        // Noise, which nothing compresses.
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 200 * 200).Select(_ => random.NextSingle())];
        var map = new SaliencyMap(200, 200, values);
        var picture = new RgbImage(200, 200, [.. Enumerable.Range(0, 3 * 200 * 200).Select(_ => (byte)random.Next(256))]);
        switch (what)
        {
            case nameof(Explanation.Save):
                new Explanation { Method = "m", TargetName = "t", Map = map, RawMap = map, Mapping = PictureMapping.Identity(200, 200), ModelSha256 = "" }.Save(path);
                break;
            case nameof(SaliencyMap.SaveNpy):
                map.SaveNpy(path);
                break;
            case nameof(SaliencyMap.SavePng16):
                map.SavePng16(path);
                break;
            case nameof(SkiaExtensions.SavePng):
                picture.SavePng(path);
                break;
            default:
                picture.SaveJpeg(path);
                break;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
