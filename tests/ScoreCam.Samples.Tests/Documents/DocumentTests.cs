using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Documents;

/// <summary>Checks every Markdown file.</summary>
public partial class DocumentTests
{
    private const int MaxPictureBytes = 200_000;

    public static TheoryData<string> Paths => [.. Document.All.Select(document => document.Path)];

    public static TheoryData<string> WithCode =>
    [
        .. from document in Document.All
           where document.Path.StartsWith("docs/") && document.CSharpBlocks.Count > 0
           select document.Path,
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Links_have_existing_targets(string path)
    {
        string folder = Path.GetDirectoryName(Path.Combine(SharedFolder.Repository, path))!;
        List<string> broken = [];
        foreach (string link in new Document(path).LocalLinks)
        {
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0
                ? Path.Combine(SharedFolder.Repository, path)
                : Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (!Path.Exists(target) || (parts is [_, var anchor] && !HasAnchor(target, anchor)))
                broken.Add(link);
        }

        broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(WithCode))]
    public async Task Code_blocks_run(string path)
    {
        using Clone clone = new();
        IEnumerable<string> labels = Enumerable.Range(0, 20).Select(i => $"thing {i}");
        await File.WriteAllLinesAsync(clone.File("labels.txt"), labels, TestContext.Current.CancellationToken);

        (int exitCode, string output) = await DocumentProgram.Run(new Document(path), clone);

        exitCode.Should().Be(0, output);
    }

    [Fact]
    public void The_tests_that_a_document_names_exist()
    {
        string tests = Path.Combine(SharedFolder.Repository, "tests");
        ILookup<string, string> files = Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file));
        string text = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "models.md"));
        MatchCollection names = TestName.Matches(text);

        names.Should().HaveCountGreaterThan(60);
        names.Where(name => !IsTest(name.Groups["type"].Value, name.Groups["method"].Value))
            .Select(name => name.Value).Should().BeEmpty();

        bool IsTest(string type, string method) =>
            files[type].Any(file => File.ReadAllText(file).Contains($" {method}(", StringComparison.Ordinal));
    }

    [Fact]
    public void Pictures_are_small_and_are_used_in_a_document()
    {
        string images = Path.Combine(SharedFolder.Repository, "docs", "images");
        IEnumerable<string> links = Document.All.SelectMany(document => document.LocalLinks);
        HashSet<string> shown = [.. links.Select(link => Path.GetFileName(link))];

        FileInfo[] pictures = new DirectoryInfo(images).GetFiles("*", SearchOption.AllDirectories);

        pictures.Should().NotBeEmpty();
        pictures.Where(picture => !shown.Contains(picture.Name)).Select(picture => picture.Name).Should().BeEmpty();
        pictures.Where(picture => picture.Length > MaxPictureBytes).Select(picture => picture.Name).Should().BeEmpty();
    }

    [GeneratedRegex(@"`(?<type>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex TestName { get; }

    private static bool HasAnchor(string file, string anchor) =>
        new Document(Path.GetRelativePath(SharedFolder.Repository, file)).Anchors.Contains(anchor);
}
