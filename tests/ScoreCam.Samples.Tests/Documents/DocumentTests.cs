using FluentAssertions;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Documents;

/// <summary>What holds for every Markdown file.</summary>
public class DocumentTests
{
    private const int MaxPictureBytes = 200_000;

    public static TheoryData<string> Paths => [.. Document.All.Select(document => document.Path)];

    public static TheoryData<string> WithCode => [.. Document.All.Where(document => document.Path.StartsWith("docs/") && document.CSharpBlocks.Count > 0).Select(document => document.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Links_lead_somewhere(string path)
    {
        string folder = Path.GetDirectoryName(Path.Combine(SharedFolder.Repository, path))!;
        List<string> broken = [];
        foreach (string link in new Document(path).LocalLinks)
        {
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0 ? Path.Combine(SharedFolder.Repository, path) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (!Path.Exists(target) || (parts is [_, var anchor] && !new Document(Path.GetRelativePath(SharedFolder.Repository, target)).Anchors.Contains(anchor)))
                broken.Add(link);
        }

        broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(WithCode))]
    public async Task Blocks_run(string path)
    {
        using Clone clone = new();
        await File.WriteAllLinesAsync(clone.File("labels.txt"), Enumerable.Range(0, 20).Select(i => $"thing {i}"), TestContext.Current.CancellationToken);

        (int exitCode, string output) = await new Document(path).RunBlocks(clone);

        exitCode.Should().Be(0, output);
    }

    [Fact]
    public void Pictures_are_shown_somewhere_and_small()
    {
        string images = Path.Combine(SharedFolder.Repository, "docs", "images");
        HashSet<string> shown = [.. Document.All.SelectMany(document => document.LocalLinks.Select(link => Path.GetFileName(link)))];

        FileInfo[] pictures = new DirectoryInfo(images).GetFiles();

        pictures.Should().NotBeEmpty();
        pictures.Where(picture => !shown.Contains(picture.Name) || picture.Length > MaxPictureBytes).Select(picture => picture.Name).Should().BeEmpty();
    }
}
