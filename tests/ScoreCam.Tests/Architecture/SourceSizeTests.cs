using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Architecture;

/// <summary>Files and lines stay short enough to read.</summary>
public class SourceSizeTests
{
    // .editorconfig has the same number as max_line_length.
    private const int MaxColumns = 120;
    private const int MaxLines = 300;

    public static TheoryData<string> Folders => ["eng", "samples", "src", "tests"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_line_is_too_long(string folder)
    {
        IEnumerable<string> tooLong =
            from file in SourceFiles.Under(folder)
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MaxColumns
            select $"{Relative(file)}:{line.Index + 1} has {line.Item.Length} columns";

        tooLong.Should().BeEmpty($"a line has at most {MaxColumns} columns");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_file_is_too_long(string folder)
    {
        IEnumerable<string> tooLong =
            from file in SourceFiles.Under(folder)
            let lines = File.ReadLines(file).Count()
            where lines > MaxLines
            select $"{Relative(file)} has {lines} lines";

        tooLong.Should().BeEmpty($"a file has at most {MaxLines} lines");
    }

    private static string Relative(string file) => Path.GetRelativePath(SharedFolder.Repository, file);
}
