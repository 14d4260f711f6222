using System.Text.RegularExpressions;
using ScoreCam.Tests.Support;

namespace ScoreCam.Samples.Tests.Documents;

/// <summary>A Markdown file of the repository.</summary>
internal sealed partial class Document(string path)
{
    private static readonly string[] SkippedFolders = ["bin", "obj", "artifacts", "packages"];

    /// <summary>The path from the root of the repository, with slashes.</summary>
    public string Path => path;

    public string Text { get; } =
        File.ReadAllText(System.IO.Path.Combine(SharedFolder.Repository, path)).ReplaceLineEndings("\n");

    /// <summary>Every Markdown file that people read.</summary>
    public static IEnumerable<Document> All
    {
        get
        {
            EnumerationOptions threeLevels = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };
            return Directory.EnumerateFiles(SharedFolder.Repository, "*.md", threeLevels)
                .Select(file => System.IO.Path.GetRelativePath(SharedFolder.Repository, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Intersect(SkippedFolders).Any())
                .Order(StringComparer.Ordinal)
                .Select(file => new Document(file));
        }
    }

    public IReadOnlyList<string> CSharpBlocks =>
        [.. CSharp.Matches(Text).Select(match => match.Groups["code"].Value)];

    /// <summary>The targets of links and pictures, without those on the web.</summary>
    public IEnumerable<string> LocalLinks => Link.Matches(Text)
        .Select(match => match.Groups["target"].Value)
        .Where(target => !target.Contains("://") && !target.StartsWith("mailto:"));

    /// <summary>The headings as addresses within the page.</summary>
    public IEnumerable<string> Anchors => Heading.Matches(Text)
        .Select(match => match.Groups["text"].Value.Trim().ToLowerInvariant())
        .Select(heading => NotInAnchors.Replace(heading, "").Replace(' ', '-'));

    [GeneratedRegex(@"^```csharp\n(?<code>(?s:.*?))^```$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CSharp { get; }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading { get; }

    // GitHub keeps letters, digits, spaces, hyphens and underscores.
    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors { get; }
}
