using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;

namespace ScoreCam.Samples.Tests.Documents;

/// <summary>A Markdown file of the repository. Its C# blocks, read from top to bottom, are one program.</summary>
internal sealed partial class Document(string path)
{
    private static readonly string[] SdkUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    public string Path => path;

    public string Text { get; } = File.ReadAllText(System.IO.Path.Combine(SharedFolder.Repository, path)).ReplaceLineEndings("\n");

    /// <summary>Every Markdown file that people read.</summary>
    public static IEnumerable<Document> All =>
        Directory.EnumerateFiles(SharedFolder.Repository, "*.md", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Select(file => System.IO.Path.GetRelativePath(SharedFolder.Repository, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "packages"))
            .Order(StringComparer.Ordinal)
            .Select(file => new Document(file));

    public IReadOnlyList<string> CSharpBlocks => [.. CSharp.Matches(Text).Select(match => match.Groups["code"].Value)];

    /// <summary>The targets of links and pictures, those of the web excepted.</summary>
    public IEnumerable<string> LocalLinks => Link.Matches(Text).Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://") && !target.StartsWith("mailto:"));

    /// <summary>The headings, as addresses within the page.</summary>
    public IEnumerable<string> Anchors => Heading.Matches(Text).Select(match => NotInAnchors.Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Compiles the program of the C# blocks and runs it in a folder; gives the exit code and what was written, by the compiler or by the program.</summary>
    public async Task<(int ExitCode, string Output)> RunBlocks(Clone place)
    {
        string name = $"Document.{path.Replace('/', '.')}";
        string[] lines = string.Join("\n", CSharpBlocks).Split('\n');
        string[] usings = [.. lines.Where(line => Using.IsMatch(line)).Distinct()];
        await File.WriteAllTextAsync(place.File("Program.cs"), string.Join("\n", [.. usings, .. lines.Where(line => !Using.IsMatch(line))]));
        await File.WriteAllLinesAsync(place.File("Usings.cs"), SdkUsings.Concat(PackageUsings()).Select(name => $"global using {name};"));

        // The program stands beside the tests, where the libraries are that it needs, native ones too.
        string program = System.IO.Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        IEnumerable<string> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator).Select(file => $"-r:\"{file}\"");
        await File.WriteAllLinesAsync(
            place.File("compile.rsp"),
            ["-nologo", "-nostdlib", "-target:exe", "-langversion:latest", "-nullable:enable", "-warnaserror", $"-out:\"{program}\"", "Program.cs", "Usings.cs", .. references]);
        (int exitCode, string output) = await ChildProcess.Run(place.Path, ChildProcess.Compiler, "-noconfig", "@compile.rsp");
        if (exitCode != 0)
            return (exitCode, output);

        string tests = System.IO.Path.Combine(AppContext.BaseDirectory, typeof(Document).Assembly.GetName().Name!);
        return await ChildProcess.Run(place.Path, "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", program);
    }

    /// <summary>The usings that the package ScoreCam adds to a project.</summary>
    private static IEnumerable<string> PackageUsings()
    {
        string props = System.IO.Path.Combine(SharedFolder.Repository, "src", "ScoreCam", "buildTransitive", "ScoreCam.props");
        return XDocument.Load(props).Descendants("Using").Select(item => item.Attribute("Include")!.Value);
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CSharp { get; }

    [GeneratedRegex(@"^using [\w.]+;( *//.*)?$")]
    private static partial Regex Using { get; }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading { get; }

    // GitHub keeps letters, digits, spaces, hyphens and underscores.
    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors { get; }
}
