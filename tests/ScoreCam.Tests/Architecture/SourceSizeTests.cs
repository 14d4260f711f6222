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

    /// <summary>Folders that still have longer lines. Delete a folder when its lines are short; add none.</summary>
    private static readonly string[] LongLinesRemainIn =
    [
        "eng/icon",
        "samples/gallery",
        "src/ScoreCam",
        "src/ScoreCam.Cli/Compare",
        "src/ScoreCam.Cli/Evaluate",
        "src/ScoreCam.Cli/Report",
        "src/ScoreCam/Methods/Perturbation",
        "src/ScoreCam/Onnx/Model",
        "src/ScoreCam/Onnx/Wire",
        "tests/ScoreCam.Benchmarks",
        "tests/ScoreCam.Browser.Tests",
        "tests/ScoreCam.Fuzz",
        "tests/ScoreCam.Fuzz/Mutations",
        "tests/ScoreCam.Fuzz/Seeds",
        "tests/ScoreCam.Fuzz/Targets",
        "tests/ScoreCam.Stress",
        "tests/ScoreCam.Tests",
        "tests/ScoreCam.Tests/Cli",
        "tests/ScoreCam.Tests/Cli/Evaluate",
        "tests/ScoreCam.Tests/Cli/Report",
        "tests/ScoreCam.Tests/Edges",
        "tests/ScoreCam.Tests/Execution",
        "tests/ScoreCam.Tests/Golden",
        "tests/ScoreCam.Tests/Load",
        "tests/ScoreCam.Tests/Methods",
        "tests/ScoreCam.Tests/Methods/Activation",
        "tests/ScoreCam.Tests/Methods/Controls",
        "tests/ScoreCam.Tests/Methods/Perturbation",
        "tests/ScoreCam.Tests/Methods/ScoreCam",
        "tests/ScoreCam.Tests/Methods/ScoreCam/Sampling",
        "tests/ScoreCam.Tests/Onnx",
        "tests/ScoreCam.Tests/Properties",
        "tests/ScoreCam.Tests/Support",
        "tests/ScoreCam.Tests/Targets",
    ];

    public static TheoryData<string> Folders => ["eng", "samples", "src", "tests"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_line_is_too_long(string folder)
    {
        IEnumerable<string> tooLong =
            from file in SourceFiles.Under(folder)
            where !LongLinesRemainIn.Contains(Path.GetDirectoryName(Relative(file))!.Replace('\\', '/'))
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
