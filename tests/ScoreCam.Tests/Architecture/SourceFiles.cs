using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Architecture;

/// <summary>The files of source code in the repository that people write.</summary>
internal static class SourceFiles
{
    private static readonly string[] Patterns = ["*.cs", "*.js", "*.css"];

    /// <summary>The files in a folder of the repository and below it, without what a build writes.</summary>
    public static IEnumerable<string> Under(string folder) =>
        Patterns.SelectMany(pattern => Directory.EnumerateFiles(
                Path.Combine(SharedFolder.Repository, folder), pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(SharedFolder.Repository, file)
                .Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal);
}
