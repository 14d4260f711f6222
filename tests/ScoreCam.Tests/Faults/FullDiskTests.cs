using System.Diagnostics;
using System.Text;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Tests.Cli;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>
/// Files are written under another name and then renamed. If writing fails, the earlier file stays and no other file is
/// left.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Savings =>
    [
        nameof(Explanation.Save),
        nameof(SaliencyMap.SaveNpy),
        nameof(SaliencyMap.SavePng16),
        nameof(RgbImage.SavePng),
    ];

    [Theory]
    [MemberData(nameof(Savings))]
    public void A_full_disk_keeps_the_earlier_file(string what)
    {
        string disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk) == 0,
            "Needs the right to mount a small file system.");
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
    public void The_temporary_file_of_a_private_file_is_private_from_the_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests file modes of Unix.");
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = _folder.File("result", "earlier");
        File.SetUnixFileMode(path, Private);
        UnixFileMode? mode = null;
        AtomicFile.Write(path, temporary =>
        {
            if (!OperatingSystem.IsWindows())
                mode = File.GetUnixFileMode(((FileStream)temporary).Name);
        });
        mode.Should().Be(Private);
    }

    [Theory]
    [MemberData(nameof(Savings))]
    public void Saving_keeps_links_devices_and_modes(string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests links, devices and file modes of Unix.");
        // The compiler does not know that the line above ends the test.
        if (OperatingSystem.IsWindows())
            return;
        string path = _folder.File("result", "earlier"), link = _folder.File("link");
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(path, Private);
        File.CreateSymbolicLink(link, path);
        Save(what, link);
        new FileInfo(link).LinkTarget.Should().Be(path);
        new FileInfo(path).Length.Should().BeGreaterThan(1000);
        File.GetUnixFileMode(path).Should().Be(Private);
        _folder.Names().Should().Equal("link", "result");
        // A device that is replaced by a file is missing until the machine restarts.
        Save(what, "/dev/null");
        ((Action)(() => Save(what, "/dev/full"))).Should().Throw<IOException>();
        new FileInfo("/dev/null").Length.Should().Be(0);
        new FileInfo("/dev/full").Length.Should().Be(0);
    }

    [Fact]
    public void A_link_is_followed_to_a_device_and_to_a_file_that_does_not_exist()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests links and devices of Unix.");
        string toDevice = _folder.File("device"), toNothing = _folder.File("nothing"), target = _folder.File("target");
        File.CreateSymbolicLink(toDevice, "/dev/full");
        Action writeToDevice = () => AtomicFile.Write(toDevice, file => file.WriteByte(1));
        writeToDevice.Should().Throw<IOException>("the device is written to, and not replaced");
        new FileInfo("/dev/full").Length.Should().Be(0);

        File.CreateSymbolicLink(toNothing, target);
        AtomicFile.Write(toNothing, file => file.WriteByte(1));
        new FileInfo(toNothing).LinkTarget.Should().Be(target);
        File.ReadAllBytes(target).Should().Equal(1);

        File.CreateSymbolicLink(_folder.File("ring"), _folder.File("ring"));
        Action writeToRing = () => AtomicFile.Write(_folder.File("ring"), _ => { });
        writeToRing.Should().Throw<IOException>();
    }

    [Fact]
    public void A_name_can_have_the_maximum_length_of_the_file_system()
    {
        // 255 bytes: each character has three.
        string path = _folder.File(string.Concat(Enumerable.Repeat("図", 85)));
        AtomicFile.Write(path, file => file.WriteByte(1));
        AtomicFile.Write(path, file => file.WriteByte(2));
        File.ReadAllBytes(path).Should().Equal(2);
        _folder.Names().Should().HaveCount(1);
    }

    [Theory]
    [MemberData(nameof(Savings))]
    public void Files_in_shared_memory_are_written_like_other_files(string what)
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "Needs /dev/shm of Linux.");
        string inMemory = $"/dev/shm/scorecam-{Guid.NewGuid():N}", expected = _folder.File("expected");
        try
        {
            Save(what, expected);
            Save(what, inMemory);
            File.ReadAllBytes(inMemory).Should().Equal(File.ReadAllBytes(expected));
            // No byte of a longer earlier file remains.
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
    public void An_exception_while_writing_keeps_the_earlier_file()
    {
        string path = _folder.File("result", "earlier");
        Action write = () => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new FormatException("in the middle");
        });
        write.Should().Throw<FormatException>();
        File.ReadAllText(path).Should().Be("earlier");
        _folder.Names().Should().Equal("result");
        Action writeNowhere = () => AtomicFile.Write(_folder.File("missing/result"), _ => { });
        writeNowhere.Should().Throw<IOException>();
    }

    [Theory]
    [InlineData("--json", "result.json")]
    [InlineData("--map", "result.npy")]
    [InlineData("--figure", "result.png")]
    [InlineData("--out", "result.png")]
    public async Task A_failed_explain_keeps_the_earlier_file(string option, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests a limit of Unix.");
        string path = _folder.File(name, "earlier"), overlay = _folder.File("overlay");
        string[] overlays = option == "--out" ? [] : ["--out", overlay + "/"];
        string[] arguments = ["explain", option, path, .. overlays];
        // Each output needs more than 16 KiB.
        using CommandProcess process = CommandProcess.StartWithLimitedFiles(32, arguments);
        CommandRun run = await process.End();
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().StartWith("scorecam: ").And.NotContain("   at ");
        File.ReadAllText(path).Should().Be("earlier");
        _folder.Names().Should().OnlyContain(entry => entry == name || entry == "overlay", "no part of a file is left");
    }

    [Fact]
    public async Task Records_of_a_failed_evaluate_end_with_a_complete_line_and_the_next_run_continues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Tests a limit of Unix.");
        string images = Pictures.In(_folder), records = _folder.File("table.records.jsonl");
        string[] arguments = ["evaluate", "--images", images, .. Pictures.Quick, "--json", _folder.File("table.json")];
        using CommandProcess process = CommandProcess.StartWithLimitedFiles(64, arguments);
        CommandRun full = await process.End();
        full.ExitCode.Should().Be(1, full.Error);
        full.Error.Should().Contain("table.records.jsonl").And.Contain("kept");
        File.Exists(_folder.File("table.json")).Should().BeFalse();
        string[] kept = File.ReadAllLines(records);
        kept.Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith('}'));
        int bytes = kept.Sum(line => Encoding.UTF8.GetByteCount(line) + 1);
        new FileInfo(records).Length.Should().Be(bytes, "the file contains no part of the next line");

        (await CommandRun.Of(arguments)).ExitCode.Should().Be(0);
        File.ReadAllLines(records).Take(kept.Length).Should().Equal(kept);
        arguments = ["evaluate", "--images", images, .. Pictures.Quick, "--json", _folder.File("whole.json")];
        (await CommandRun.Of(arguments)).ExitCode.Should().Be(0);
        Pictures.Results(_folder.File("table.json")).Should().Be(Pictures.Results(_folder.File("whole.json")));
    }

    private static void Save(string what, string path)
    {
        // Noise cannot be compressed.
        const int Side = 200;
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, Side * Side).Select(_ => random.NextSingle())];
        var map = new SaliencyMap(Side, Side, values);
        byte[] pixels = new byte[3 * Side * Side];
        random.NextBytes(pixels);
        switch (what)
        {
            case nameof(Explanation.Save):
                Explanation explanation = new()
                {
                    Method = "m",
                    TargetName = "t",
                    Map = map,
                    RawMap = map,
                    Mapping = PictureMapping.Identity(Side, Side),
                    ModelSha256 = "",
                };
                explanation.Save(path);
                break;
            case nameof(SaliencyMap.SaveNpy):
                map.SaveNpy(path);
                break;
            case nameof(SaliencyMap.SavePng16):
                map.SavePng16(path);
                break;
            default:
                new RgbImage(Side, Side, pixels).SavePng(path);
                break;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
