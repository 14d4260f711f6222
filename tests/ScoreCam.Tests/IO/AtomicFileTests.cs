using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

public class AtomicFileTests
{
    [Fact]
    public void The_contents_are_on_the_disk_before_the_file_is_renamed()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("result", "earlier");
        List<(long Flushed, string Then)> flushes = [];
        AtomicFile.Write(path, file => file.Write(new byte[100_000]), (temporary, options) =>
            new WatchedFile(temporary, options, length => flushes.Add((length, File.ReadAllText(path)))));
        flushes.Should().Contain((100_000, "earlier"), "all bytes are flushed while the old file is still there");
        new FileInfo(path).Length.Should().Be(100_000);
    }

    /// <summary>Reports its length when it is flushed to the disk.</summary>
    private sealed class WatchedFile(string path, FileStreamOptions options, Action<long> flushed)
        : FileStream(path, options)
    {
        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            if (flushToDisk)
                flushed(Length);
        }
    }
}
